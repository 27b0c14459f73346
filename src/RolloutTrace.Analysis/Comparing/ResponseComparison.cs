using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Compares what two models answered.</summary>
internal sealed class ResponseComparison(RunSide a, RunSide b, ItemClasses classes, VolatileTally tally)
{
    /// <summary>In what two responses differ; null if they say the same.</summary>
    /// <param name="first">The items of the first.</param>
    /// <param name="second">The items of the second.</param>
    public ResponseDifference? Of(IdList first, IdList second)
    {
        var (numbersA, numbersB) = (Numbers(a, first), Numbers(b, second));
        if (numbersA.AsSpan().SequenceEqual(numbersB))
        {
            for (var i = 0; i < first.Count; i++)
            {
                tally.Items(a.Item(first[i]), b.Item(second[i]));
            }

            return null;
        }

        return Calls(first, second)
            ?? Others(DifferenceSubject.Text, first, second, static item => !RunSide.IsCall(item) && item.Kind != ConversationItemKind.Reasoning)
            ?? Others(DifferenceSubject.Reasoning, first, second, static item => item.Kind == ConversationItemKind.Reasoning)
            ?? InAnotherOrder(first, second, numbersA.AsSpan().CommonPrefixLength(numbersB));
    }

    /// <summary>Of two responses, the items that only one of them has.</summary>
    public (IReadOnlyList<string> A, IReadOnlyList<string> B) Unlike(IdList first, IdList second)
    {
        var places = Alignment.Of(Numbers(a, first), Numbers(b, second), out _);
        var matched = places.Where(static place => place >= 0).ToHashSet();
        return ([.. first.Where((_, i) => places[i] < 0)], [.. second.Where((_, i) => !matched.Contains(i))]);
    }

    private int[] Numbers(RunSide side, IdList items) => [.. items.Select(id => classes.Of(side, id))];

    private ResponseDifference? Calls(IdList first, IdList second)
    {
        var (callsA, callsB) = (Where(a, first, RunSide.IsCall), Where(b, second, RunSide.IsCall));
        for (var i = 0; i < Math.Max(callsA.Count, callsB.Count); i++)
        {
            var (callA, callB) = (callsA.ElementAtOrDefault(i), callsB.ElementAtOrDefault(i));
            var (nameA, nameB) = (callA is null ? null : a.NameOf(callA), callB is null ? null : b.NameOf(callB));
            if (callA is null || callB is null || nameA != nameB || callA.Kind != callB.Kind)
            {
                return new ResponseDifference(DifferenceSubject.Tool, nameB ?? nameA, callA?.ItemId, callB?.ItemId);
            }
        }

        foreach (var (callA, callB) in callsA.Zip(callsB))
        {
            if (classes.Of(a, callA.ItemId) != classes.Of(b, callB.ItemId))
            {
                return new ResponseDifference(DifferenceSubject.Arguments, a.NameOf(callA), callA.ItemId, callB.ItemId);
            }
        }

        return null;
    }

    private ResponseDifference? Others(DifferenceSubject what, IdList first, IdList second, Predicate<ConversationItem> isOne)
    {
        var (itemsA, itemsB) = (Where(a, first, isOne), Where(b, second, isOne));
        for (var i = 0; i < Math.Max(itemsA.Count, itemsB.Count); i++)
        {
            var (itemA, itemB) = (itemsA.ElementAtOrDefault(i), itemsB.ElementAtOrDefault(i));
            if (itemA is null || itemB is null || classes.Of(a, itemA.ItemId) != classes.Of(b, itemB.ItemId))
            {
                return new ResponseDifference(what, null, itemA?.ItemId, itemB?.ItemId);
            }
        }

        return null;
    }

    private static ResponseDifference InAnotherOrder(IdList first, IdList second, int at) =>
        new(DifferenceSubject.Text, null, first.ElementAtOrDefault(at), second.ElementAtOrDefault(at));

    private static List<ConversationItem> Where(RunSide side, IdList items, Predicate<ConversationItem> isOne) => [.. items.Select(side.Item).Where(item => isOne(item))];
}
