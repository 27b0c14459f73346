using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>
/// Compares what requests sent. An item that refers to a payload, as one with an image does, is a new item of the state each time
/// that it is sent; what it says is the same.
/// </summary>
internal static class Histories
{
    /// <summary>How many items at the start of two histories are alike, one by one.</summary>
    public static int CommonLength(RolloutGraph graph, IdList before, IdList now)
    {
        if (now.Take(before.Count).Equals(before))
        {
            return before.Count;
        }

        var common = 0;
        while (common < Math.Min(before.Count, now.Count) && AreAlike(graph, before[common], now[common]))
        {
            common++;
        }

        return common;
    }

    /// <summary>The items of a history that the one before it does not have.</summary>
    public static IEnumerable<string> Added(RolloutGraph graph, IdList before, IdList now) =>
        New(graph, before, now).Where(static item => !item.IsRepeated).Select(static item => item.Id);

    /// <summary>The items of a history that only repeat one of the history before it, such as a message with an image.</summary>
    public static IEnumerable<string> Repeated(RolloutGraph graph, IdList before, IdList now) =>
        New(graph, before, now).Where(static item => item.IsRepeated).Select(static item => item.Id);

    /// <summary>Those of some items that only repeat one of others, such as a message with an image; none of them is among the others.</summary>
    public static IEnumerable<string> Repeated(RolloutGraph graph, IEnumerable<string> others, IEnumerable<string> items) =>
        New(graph, others, items).Where(static item => item.IsRepeated).Select(static item => item.Id);

    // The items that the history before does not have by their ids, and whether each says what one of them said.
    private static IEnumerable<(string Id, bool IsRepeated)> New(RolloutGraph graph, IdList before, IdList now)
    {
        if (now.Take(before.Count).Equals(before))
        {
            foreach (var id in now.Skip(before.Count))
            {
                yield return (id, false);
            }

            yield break;
        }

        var known = new HashSet<string>(before, StringComparer.Ordinal);
        var kept = new HashSet<string>(now, StringComparer.Ordinal);
        foreach (var item in New(graph, before.Where(id => !kept.Contains(id)), now.Where(id => !known.Contains(id))))
        {
            yield return item;
        }
    }

    private static IEnumerable<(string Id, bool IsRepeated)> New(RolloutGraph graph, IEnumerable<string> gone, IEnumerable<string> added)
    {
        var replaced = gone.Where(id => RefersToPayload(graph.ConversationItems[id])).ToList();
        foreach (var id in added)
        {
            var same = replaced.FindIndex(other => AreAlike(graph, other, id));
            if (same >= 0)
            {
                replaced.RemoveAt(same);
            }

            yield return (id, same >= 0);
        }
    }

    /// <summary>Whether two items are the same, or one and the same item with a payload that was sent twice.</summary>
    private static bool AreAlike(RolloutGraph graph, string first, string second)
    {
        if (string.Equals(first, second, StringComparison.Ordinal))
        {
            return true;
        }

        var item = graph.ConversationItems[first];
        return RefersToPayload(item) && item.SaysTheSameAs(graph.ConversationItems[second]);
    }

    private static bool RefersToPayload(ConversationItem item) => item.Body.Parts.Any(static part => part is PayloadReferencePart);
}
