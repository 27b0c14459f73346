using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// Which groups of traces are bound to one another, whichever comes first. Of conversations that are equal word for word the one that came last is gone on from, so that greetings which
/// all programs exchange do not make one group of all of them. For who has the shelf's lock.
/// </summary>
internal sealed class GroupBonds
{
    private readonly Dictionary<Bond, List<SpanGroup>> groups = [];

    /// <summary>Notes by what a trace's spans are bound to others.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="trace">Its id.</param>
    /// <param name="bonds">What its spans say.</param>
    /// <returns>The groups to which it is bound, as they are now; its own may be one of them.</returns>
    public IReadOnlyList<SpanGroup> Join(SpanGroup group, string trace, TraceBonds bonds)
    {
        var found = new List<SpanGroup>();
        found.AddRange(Take(Bond.LinkedTrace(trace)));
        foreach (var linked in bonds.LinkedTraces)
        {
            Add(Bond.LinkedTrace(linked), group);
        }

        foreach (var name in bonds.Names)
        {
            found.AddRange(Of(Bond.Named(name)));
            Set(Bond.Named(name), group);
        }

        foreach (var history in bonds.Answered)
        {
            found.AddRange(Take(Bond.Awaited(history)));
            Set(Bond.Answered(history), group);
        }

        foreach (var history in bonds.GoesOnFrom)
        {
            if (Of(Bond.Answered(history)) is { Count: > 0 } before)
            {
                found.AddRange(before);
            }
            else
            {
                Add(Bond.Awaited(history), group);
            }
        }

        foreach (var asked in bonds.Asked)
        {
            found.AddRange(Of(Bond.Failed(asked)));
            if (bonds.HasFailed)
            {
                Set(Bond.Failed(asked), group);
            }
        }

        return found;
    }

    /// <summary>One group has become part of another.</summary>
    public void Move(SpanGroup from, SpanGroup into)
    {
        foreach (var bond in from.Bonds)
        {
            groups[bond].Remove(from);
            Add(bond, into);
        }

        from.Bonds.Clear();
    }

    /// <summary>A group is there no more.</summary>
    public void Forget(SpanGroup group)
    {
        foreach (var bond in group.Bonds)
        {
            Remove(bond, group);
        }

        group.Bonds.Clear();
    }

    private List<SpanGroup> Of(Bond bond) => groups.GetValueOrDefault(bond) ?? [];

    private void Add(Bond bond, SpanGroup group)
    {
        if (!group.Bonds.Add(bond))
        {
            return;
        }

        if (!groups.TryGetValue(bond, out var bound))
        {
            groups.Add(bond, bound = []);
        }

        bound.Add(group);
    }

    private void Set(Bond bond, SpanGroup group)
    {
        Take(bond);
        Add(bond, group);
    }

    private List<SpanGroup> Take(Bond bond)
    {
        if (!groups.Remove(bond, out var bound))
        {
            return [];
        }

        bound.ForEach(group => group.Bonds.Remove(bond));
        return bound;
    }

    private void Remove(Bond bond, SpanGroup group)
    {
        if (groups.TryGetValue(bond, out var bound) && bound.Remove(group) && bound.Count == 0)
        {
            groups.Remove(bond);
        }
    }
}
