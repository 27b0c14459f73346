using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Finds the items in which two lists that models were shown differ, and says where they come from.</summary>
internal sealed class ItemComparison(ThreadState thread, ItemClasses classes, VolatileTally tally)
{
    /// <summary>Whether lists differed in so many places that they were not aligned.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>The items that differ and were not told of before.</summary>
    /// <param name="first">What the first run's model was shown.</param>
    /// <param name="second">What the second run's model was shown.</param>
    /// <param name="areAlike">Whether the two are the same, also in what was told of.</param>
    public IReadOnlyList<ItemPair> Of(IEnumerable<string> first, IEnumerable<string> second, out bool areAlike)
    {
        var (itemsA, numbersA) = thread.A.Of(first, out var isLikeA);
        var (itemsB, numbersB) = thread.B.Of(second, out var isLikeB);
        var places = Alignment.Of(numbersA, numbersB, out var gaveUp);
        GaveUp |= gaveUp;
        var pairs = new List<ItemPair>();
        var (fromA, fromB) = (0, 0);
        for (var i = 0; i <= itemsA.Count; i++)
        {
            if (i < itemsA.Count && places[i] < 0)
            {
                continue;
            }

            var to = i < itemsA.Count ? places[i] : itemsB.Count;
            if (fromA < i || fromB < to)
            {
                pairs.AddRange(Between(itemsA, fromA, i, itemsB, fromB, to));
            }

            if (i < itemsA.Count)
            {
                if (numbersA[i] >= 0)
                {
                    tally.Items(thread.A.Side.Item(itemsA[i]), thread.B.Side.Item(itemsB[to]));
                }

                (fromA, fromB) = (i + 1, to + 1);
            }
        }

        areAlike = isLikeA && isLikeB && pairs.Count == 0;
        return pairs;
    }

    private List<ItemPair> Between(List<string> itemsA, int fromA, int toA, List<string> itemsB, int fromB, int toB)
    {
        var pairs = new List<ItemPair>();
        var left = itemsB[fromB..toB];
        foreach (var id in itemsA[fromA..toA])
        {
            var source = SourceOf(thread.A, id);
            var call = source == DifferenceSource.ToolOutput ? CallOf(thread.A, itemsA, id) : null;
            var other = left.FirstOrDefault(candidate =>
                SourceOf(thread.B, candidate) == source && IsChosen(thread.A, id) == IsChosen(thread.B, candidate) && AreOfOneCall(call, source, candidate, itemsB));
            left.Remove(other!);
            pairs.Add(new ItemPair(id, other, source, IsConsequence(thread.A, id, call, source, thread.B, itemsB), NameOf(thread.A, id, call)));
        }

        foreach (var id in left)
        {
            var source = SourceOf(thread.B, id);
            var call = source == DifferenceSource.ToolOutput ? CallOf(thread.B, itemsB, id) : null;
            pairs.Add(new ItemPair(null, id, source, IsConsequence(thread.B, id, call, source, thread.A, itemsA), NameOf(thread.B, id, call)));
        }

        return pairs;
    }

    private static DifferenceSource SourceOf(SideHistory history, string id)
    {
        var item = history.Side.Item(id);
        return history.Side.IsOfCompaction(item) ? DifferenceSource.Compaction
            : item.AgentMessage is not null || history.Side.Rollout.Index.EdgeTo(id) is not null ? DifferenceSource.Harness
            : RunSide.IsOutput(item) ? DifferenceSource.ToolOutput
            : item.Role switch
            {
                ConversationRole.Assistant => DifferenceSource.Model,
                ConversationRole.User => DifferenceSource.User,
                _ => DifferenceSource.Harness,
            };
    }

    // What a call has led to can be compared where both runs have made it.
    private bool AreOfOneCall(string? call, DifferenceSource source, string candidate, List<string> itemsB)
    {
        if (source != DifferenceSource.ToolOutput)
        {
            return true;
        }

        var other = CallOf(thread.B, itemsB, candidate);
        return call is null ? other is null : other is not null && AreSameCalls(call, other);
    }

    private bool AreSameCalls(string callA, string callB) =>
        !thread.A.HasChosen(callA) && !thread.B.HasChosen(callB) && classes.Of(thread.A.Side, callA) == classes.Of(thread.B.Side, callB);

    private bool IsConsequence(SideHistory history, string id, string? call, DifferenceSource source, SideHistory other, List<string> otherItems) => source switch
    {
        DifferenceSource.Model => IsChosen(history, id),
        DifferenceSource.ToolOutput when call is not null => history.HasChosen(call) || !HasCall(history, call, other, otherItems),
        _ => false,
    };

    private bool HasCall(SideHistory history, string call, SideHistory other, List<string> otherItems)
    {
        var wanted = classes.Of(history.Side, call);
        return otherItems.Exists(id => RunSide.IsCall(other.Side.Item(id)) && !other.HasChosen(id) && classes.Of(other.Side, id) == wanted);
    }

    private static string? NameOf(SideHistory history, string id, string? call) =>
        history.Side.Item(id) is var item && RunSide.IsOutput(item) && history.Side.NameOf(call is null ? item : history.Side.Item(call)) is { Length: > 0 } name ? name : null;

    private static bool IsChosen(SideHistory history, string id) => history.HasChosen(id);

    // Ids of calls are used again: an output answers the last call before it.
    private static string? CallOf(SideHistory history, List<string> items, string output)
    {
        var id = history.Side.Item(output).CallId;
        if (id is null)
        {
            return null;
        }

        for (var i = items.IndexOf(output); i >= 0; i--)
        {
            if (history.Side.Item(items[i]) is var item && RunSide.IsCall(item) && item.CallId == id)
            {
                return items[i];
            }
        }

        return null;
    }
}
