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
        var (calledA, calledB) = (new CalledItems(thread.A, itemsA, classes), new CalledItems(thread.B, itemsB, classes));
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
                pairs.AddRange(Between(calledA, fromA, i, calledB, fromB, to));
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

    private static List<ItemPair> Between(CalledItems itemsA, int fromA, int toA, CalledItems itemsB, int fromB, int toB)
    {
        var pairs = new List<ItemPair>();
        var left = new Dictionary<(DifferenceSource, bool, int), Queue<int>>();
        for (var i = fromB; i < toB; i++)
        {
            if (KeyOf(itemsB, itemsB.Items[i]) is { } key)
            {
                (left.TryGetValue(key, out var same) ? same : left[key] = new Queue<int>()).Enqueue(i);
            }
        }

        var taken = new HashSet<int>();
        for (var i = fromA; i < toA; i++)
        {
            var id = itemsA.Items[i];
            string? other = null;
            if (KeyOf(itemsA, id) is { } key && left.TryGetValue(key, out var same) && same.TryDequeue(out var place))
            {
                taken.Add(place);
                other = itemsB.Items[place];
            }

            pairs.Add(PairOf(id, other, id, itemsA, itemsB));
        }

        for (var i = fromB; i < toB; i++)
        {
            if (!taken.Contains(i))
            {
                pairs.Add(PairOf(null, itemsB.Items[i], itemsB.Items[i], itemsB, itemsA));
            }
        }

        return pairs;
    }

    private static ItemPair PairOf(string? itemA, string? itemB, string id, CalledItems items, CalledItems others)
    {
        var source = SourceOf(items.History, id);
        var call = source == DifferenceSource.ToolOutput ? items.CallOf(id) : null;
        return new ItemPair(itemA, itemB, source, IsConsequence(items, id, call, source, others), NameOf(items.History, id, call));
    }

    // By which items stand for each other. What a call has led to can be compared where both runs have made it: null where not.
    private static (DifferenceSource Source, bool IsChosen, int Call)? KeyOf(CalledItems items, string id)
    {
        var source = SourceOf(items.History, id);
        var call = source == DifferenceSource.ToolOutput ? items.CallOf(id) : null;
        return call is null ? (source, items.History.HasChosen(id), -1)
            : items.History.HasChosen(call) ? null
            : (source, items.History.HasChosen(id), items.ClassOf(call));
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

    private static bool IsConsequence(CalledItems items, string id, string? call, DifferenceSource source, CalledItems others) => source switch
    {
        DifferenceSource.Model => items.History.HasChosen(id),
        DifferenceSource.ToolOutput when call is not null => items.History.HasChosen(call) || !others.HasCall(items.ClassOf(call)),
        _ => false,
    };

    private static string? NameOf(SideHistory history, string id, string? call) =>
        history.Side.Item(id) is var item && RunSide.IsOutput(item) && history.Side.NameOf(call is null ? item : history.Side.Item(call)) is { Length: > 0 } name ? name : null;
}
