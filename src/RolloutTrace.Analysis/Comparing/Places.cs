using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Where a step is in the two runs.</summary>
/// <param name="thread">Its thread.</param>
/// <param name="first">The request of the first run, or the one before which it would stand.</param>
/// <param name="second">The request of the second run, or the one before which it would stand.</param>
/// <param name="side">Which of the runs has it.</param>
internal sealed class Places(ThreadState thread, InferenceCall? first, InferenceCall? second, DifferenceSide side)
{
    /// <summary>A difference in items.</summary>
    public RolloutDifference Difference(DifferenceKind kind, DifferenceSubject what, string? name, DifferenceSource? source, string? itemA, string? itemB)
    {
        var (textA, textB) = Excerpt.Of(TextOf(thread.A.Side, itemA), TextOf(thread.B.Side, itemB));
        return Of(kind, what, name, source, (itemA, textA), (itemB, textB));
    }

    /// <summary>A difference in what is given beside the items.</summary>
    public RolloutDifference Difference(DifferenceKind kind, DifferenceSubject what, string? name, string? given, string? other)
    {
        var (textA, textB) = Excerpt.Of(given, other);
        return Of(kind, what, name, source: null, (null, textA), (null, textB));
    }

    /// <summary>A difference in how the requests ended; its text is why, or how.</summary>
    public RolloutDifference Difference(DifferenceKind kind, DifferenceSubject what)
    {
        var (textA, textB) = Excerpt.Of(side == DifferenceSide.B ? null : EndOf(thread.A.Side, first), side == DifferenceSide.A ? null : EndOf(thread.B.Side, second));
        return Of(kind, what, name: null, source: null, (null, textA), (null, textB));
    }

    private static string? TextOf(RunSide side, string? itemId) => itemId is null ? null : side.TextOf(side.Item(itemId));

    private static string? EndOf(RunSide side, InferenceCall? call)
    {
        if (call is null)
        {
            return null;
        }

        var status = call.Execution.Status.ToString().ToLowerInvariant();
        return side.Rollout.Failures.Of(call) is { } words ? $"{status}: {words}" : status;
    }

    private static DifferencePlace Place(AgentThread? own, AgentThread? other, InferenceCall? call, (string? Item, string? Text) at) => new()
    {
        Thread = (own ?? other)!.AgentPath,
        Request = call?.InferenceCallId,
        Item = at.Item,
        Seq = call?.Execution.StartedSeq,
        Text = at.Text,
    };

    private RolloutDifference Of(DifferenceKind kind, DifferenceSubject what, string? name, DifferenceSource? source, (string?, string?) a, (string?, string?) b) => new()
    {
        Kind = kind,
        What = what,
        Name = name,
        Source = source,
        A = Place(thread.Threads.A, thread.Threads.B, first, a),
        B = Place(thread.Threads.B, thread.Threads.A, second, b),
        Consequences = 0,
    };
}
