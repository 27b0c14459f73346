namespace RolloutTrace.Receiver.Rollouts;

/// <summary>The things that were last used, so many of them. Safe for concurrent use.</summary>
internal sealed class Recent<T>(int most)
    where T : class
{
    private readonly Lock gate = new();
    private readonly LinkedList<T> order = [];
    private readonly Dictionary<T, LinkedListNode<T>> nodes = [];

    /// <summary>One is used; gives the one that is no longer among them, if that is so.</summary>
    public T? Touch(T used)
    {
        lock (gate)
        {
            if (nodes.TryGetValue(used, out var node))
            {
                order.Remove(node);
                order.AddFirst(node);
                return null;
            }

            nodes.Add(used, order.AddFirst(used));
            if (order.Count <= most)
            {
                return null;
            }

            var last = order.Last!.Value;
            order.RemoveLast();
            nodes.Remove(last);
            return last;
        }
    }
}
