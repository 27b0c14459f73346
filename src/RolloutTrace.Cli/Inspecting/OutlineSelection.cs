using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Parts of an outline.</summary>
internal static class OutlineSelection
{
    /// <summary>The nodes, at any depth, that are meant; null if there is none.</summary>
    public static IReadOnlyList<OutlineNode>? Find(IReadOnlyList<OutlineNode> nodes, Func<OutlineNode, bool> isMeant)
    {
        var found = Flatten(nodes).Where(isMeant).ToList();
        return found.Count == 0 ? null : found;
    }

    /// <summary>What failed, and what it is in.</summary>
    public static IReadOnlyList<OutlineNode> Failed(IReadOnlyList<OutlineNode> nodes)
    {
        var kept = new List<OutlineNode>();
        foreach (var node in nodes)
        {
            var children = Failed(node.Children);
            if (node.IsFailure || children.Count > 0)
            {
                kept.Add(node with { Children = children });
            }
        }

        return kept;
    }

    /// <summary>The requests, tool calls and cells that took longest, longest first, without what is in them.</summary>
    public static IReadOnlyList<OutlineNode> Slowest(IReadOnlyList<OutlineNode> nodes, int count) =>
    [
        .. Flatten(nodes)
            .Where(static node => node.Kind is OutlineKind.Request or OutlineKind.ToolCall or OutlineKind.CodeCell or OutlineKind.CompactionRequest && node.DurationMs is not null)
            .OrderByDescending(static node => node.DurationMs)
            .ThenBy(static node => node.StartedSeq)
            .Take(count)
            .Select(static node => node with { Children = [] }),
    ];

    public static IReadOnlyList<OutlineNode> ToDepth(IReadOnlyList<OutlineNode> nodes, int depth) => depth == int.MaxValue
        ? nodes
        : [.. nodes.Select(node => node with { Children = depth > 1 ? ToDepth(node.Children, depth - 1) : [] })];

    /// <summary>The nodes and all that is in them, in order.</summary>
    public static IEnumerable<OutlineNode> Flatten(IReadOnlyList<OutlineNode> nodes)
    {
        var pending = new Stack<OutlineNode>(nodes.Reverse());
        while (pending.TryPop(out var node))
        {
            yield return node;
            for (var i = node.Children.Count - 1; i >= 0; i--)
            {
                pending.Push(node.Children[i]);
            }
        }
    }
}
