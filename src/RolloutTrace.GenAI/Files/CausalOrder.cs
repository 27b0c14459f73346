using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Files;

/// <summary>
/// Starts and ends of spans in causal order: by time, a span around those below it whatever its own times say, ties by the spans' ids.
/// What came in which order, and from where, does not count.
/// </summary>
internal static class CausalOrder
{
    /// <summary>All moments of the spans; a span without an end has a start alone.</summary>
    /// <param name="nodes">Every span once, those above it included.</param>
    public static List<SpanMoment> Of(IReadOnlyCollection<SpanNode> nodes)
    {
        var below = nodes.Where(static node => node.Parent is not null).ToLookup(static node => node.Parent!);
        var sequences = new Dictionary<SpanNode, List<SpanMoment>>();
        foreach (var node in nodes.OrderByDescending(static node => node.Depth))
        {
            var inner = Merge([.. below[node].Select(child => Take(sequences, child))]);
            sequences[node] = Around(node, inner);
        }

        return Merge([.. sequences.Values]);
    }

    private static List<SpanMoment> Take(Dictionary<SpanNode, List<SpanMoment>> sequences, SpanNode node) =>
        sequences.Remove(node, out var sequence) ? sequence : [];

    private static List<SpanMoment> Around(SpanNode node, List<SpanMoment> inner)
    {
        var start = inner.Count > 0 && inner[0].Time < node.Start ? inner[0].Time : node.Start;
        var moments = new List<SpanMoment>(inner.Count + 2) { new(node, start, IsEnd: false) };
        moments.AddRange(inner);
        if (node.End is { } end)
        {
            var last = moments[^1].Time;
            moments.Add(new SpanMoment(node, end < last ? last : end, IsEnd: true));
        }

        return moments;
    }

    private static List<SpanMoment> Merge(List<List<SpanMoment>> sequences)
    {
        sequences.RemoveAll(static sequence => sequence.Count == 0);
        if (sequences.Count <= 1)
        {
            return sequences.Count == 0 ? [] : sequences[0];
        }

        var merged = new List<SpanMoment>(sequences.Sum(static sequence => sequence.Count));
        var heads = new PriorityQueue<(List<SpanMoment> Sequence, int Next), SpanMoment>(SpanMoment.Order);
        foreach (var sequence in sequences)
        {
            heads.Enqueue((sequence, 1), sequence[0]);
        }

        while (heads.TryDequeue(out var head, out var moment))
        {
            merged.Add(moment);
            if (head.Next < head.Sequence.Count)
            {
                heads.Enqueue((head.Sequence, head.Next + 1), head.Sequence[head.Next]);
            }
        }

        return merged;
    }
}
