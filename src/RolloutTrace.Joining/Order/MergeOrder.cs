using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Order;

/// <summary>
/// The order of all events: each part's own is kept, nothing comes before its cause, and between those the wall clocks decide. A part whose
/// next event has to wait is set aside until what it waits for has come.
/// </summary>
internal sealed class MergeOrder
{
    private readonly IReadOnlyList<Part> parts;
    private readonly int[] next;
    private readonly Dictionary<Part, List<(int Index, Part Callee)>> ends = [];

    // How many of a part's list are over: what has come stays so, and nobody looks at it again.
    private readonly Dictionary<Part, int> over = [];
    private readonly HashSet<Part> released = [];

    // Whether a part is set aside: one that was released has left a place in the list of whom it waited for.
    private readonly bool[] isWaiting;
    private readonly PriorityQueue<Part, int>?[] waiting;
    private readonly PriorityQueue<Part, (long Time, int Number)> ready = new();

    // Those before it are over, released, or never waited for an end; and stay so.
    private int firstToRelease;

    /// <param name="parts">The parts, by their numbers.</param>
    public MergeOrder(IReadOnlyList<Part> parts)
    {
        this.parts = parts;
        next = new int[parts.Count + 1];
        isWaiting = new bool[parts.Count + 1];
        waiting = new PriorityQueue<Part, int>?[parts.Count + 1];
        foreach (var part in parts)
        {
            if (part.EndsBefore is var (caller, index))
            {
                (ends.TryGetValue(caller, out var list) ? list : ends[caller] = []).Add((index, part));
            }
        }

        foreach (var list in ends.Values)
        {
            list.Sort(static (a, b) => a.Index != b.Index ? a.Index.CompareTo(b.Index) : a.Callee.Number.CompareTo(b.Callee.Number));
        }
    }

    /// <summary>The events, by part and index in it.</summary>
    /// <exception cref="JoinException">What has to come before what is a circle.</exception>
    public IEnumerable<(Part Part, int Index)> Events()
    {
        foreach (var part in parts)
        {
            Place(part);
        }

        var left = parts.Sum(static part => (long)part.Events.Count);
        while (left > 0)
        {
            if (!ready.TryDequeue(out var part, out _))
            {
                Release();
                continue;
            }

            var index = next[part.Number]++;
            left--;
            yield return (part, index);
            while (waiting[part.Number] is { } list && list.TryPeek(out var waiter, out var until) && until < next[part.Number])
            {
                list.Dequeue();
                if (isWaiting[waiter.Number])
                {
                    Place(waiter);
                }
            }

            Place(part);
        }
    }

    private void Place(Part part)
    {
        isWaiting[part.Number] = false;
        var index = next[part.Number];
        if (index >= part.Events.Count)
        {
            return;
        }

        if (WaitsFor(part, index) is var (other, until))
        {
            isWaiting[part.Number] = true;
            (waiting[other.Number] ??= new PriorityQueue<Part, int>()).Enqueue(part, until);
        }
        else
        {
            ready.Enqueue(part, (Clock.Add(part.Events[index].Time, part.Shift), part.Number));
        }
    }

    private (Part Part, int Index)? WaitsFor(Part part, int index)
    {
        if (index == 0 && part.StartsAfter is var (caller, start) && next[caller.Number] <= start)
        {
            return (caller, start);
        }

        if (index == 0 && part.Previous is { Events.Count: > 0 } before && next[before.Number] < before.Events.Count)
        {
            return (before, before.Events.Count - 1);
        }

        if (!ends.TryGetValue(part, out var list) || released.Contains(part))
        {
            return null;
        }

        // Places are asked for in their order: those of calls that have ended are done.
        var i = over.GetValueOrDefault(part);
        while (i < list.Count && (list[i].Index < index || (list[i].Index == index && HasCome(list[i].Callee))))
        {
            i++;
        }

        over[part] = i;
        return i < list.Count && list[i].Index == index ? (list[i].Callee, list[i].Callee.Events.Count - 1) : null;
    }

    private bool HasCome(Part part) => next[part.Number] >= part.Events.Count;

    // Where clocks of one rollout's parts say that one ended before it began, an end need not wait for it. Nothing else moves: whoever waits for another goes on waiting.
    private void Release()
    {
        while (firstToRelease < parts.Count && !CanBeReleased(parts[firstToRelease]))
        {
            firstToRelease++;
        }

        if (firstToRelease == parts.Count)
        {
            throw new JoinException($"the parts wait for each other in a circle: {string.Join(", ", parts.Where(part => next[part.Number] < part.Events.Count).Take(8).Select(static part => part.TraceId))}");
        }

        var stuck = parts[firstToRelease];
        released.Add(stuck);
        if (WaitsFor(stuck, next[stuck.Number]) is null)
        {
            Place(stuck);
        }
    }

    private bool CanBeReleased(Part part) => next[part.Number] < part.Events.Count && ends.ContainsKey(part) && !released.Contains(part);
}
