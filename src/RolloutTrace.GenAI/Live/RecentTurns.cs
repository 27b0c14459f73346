using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Live;

/// <summary>The spans that came last, for those that name one of them as a parent or link to it, but not as an object.</summary>
internal sealed class RecentTurns
{
    private const int Most = 1024;

    private readonly Dictionary<SpanKey, SpanNode> nodes = [];
    private readonly Queue<SpanKey> inOrder = new();

    public void Add(SpanNode node)
    {
        if (nodes.TryAdd(node.Key, node))
        {
            inOrder.Enqueue(node.Key);
        }

        while (inOrder.Count > Most)
        {
            nodes.Remove(inOrder.Dequeue());
        }
    }

    public SpanNode? Find(SpanKey key) => nodes.GetValueOrDefault(key);
}
