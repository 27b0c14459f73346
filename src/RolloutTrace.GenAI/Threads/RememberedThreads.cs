namespace RolloutTrace.GenAI.Threads;

/// <summary>The threads that are remembered. What was not seen for longest is forgotten first.</summary>
/// <param name="options">How many, and how long.</param>
/// <param name="forgotten">Is told of each that is forgotten.</param>
internal sealed class RememberedThreads(GenAIThreadOptions options, Action<KnownThread> forgotten)
{
    // Where those that are needed come first, all are looked at to find one that is not: so often while as many are added as there may be.
    private const int LooksInAll = 16;

    private readonly Dictionary<string, LinkedListNode<KnownThread>> threads = new(StringComparer.Ordinal);
    private readonly LinkedList<KnownThread> byAge = new();
    private int untilLook;

    public int Count => threads.Count;

    /// <summary>The thread with an id; null if it is not remembered.</summary>
    public KnownThread? Find(string threadId) => threads.TryGetValue(threadId, out var node) ? node.Value : null;

    /// <summary>Remembers a thread.</summary>
    /// <returns>The one in whose place it is, where that is in a rollout that still runs; null for none.</returns>
    public KnownThread? Add(KnownThread thread, DateTimeOffset now)
    {
        var replaced = MakeRoom(now);
        thread.LastSeen = now;
        threads[thread.ThreadId] = byAge.AddLast(thread);
        return replaced;
    }

    /// <summary>The thread was seen: it is not the next to be forgotten.</summary>
    public void Saw(KnownThread thread, DateTimeOffset now)
    {
        thread.LastSeen = now > thread.LastSeen ? now : thread.LastSeen;
        if (threads.TryGetValue(thread.ThreadId, out var node))
        {
            byAge.Remove(node);
            byAge.AddLast(node);
        }
    }

    // A thread in a rollout that still runs is not forgotten, since more of it will come, unless there are twice as many.
    private KnownThread? MakeRoom(DateTimeOffset now)
    {
        while (byAge.First is { Value: { Rollout: null } oldest } first && (threads.Count >= options.MaxThreads || now - oldest.LastSeen > options.Memory))
        {
            Forget(first);
        }

        if (threads.Count >= options.MaxThreads && --untilLook <= 0)
        {
            ForgetBehindRunning();
            untilLook = options.MaxThreads / LooksInAll;
        }

        return threads.Count >= 2L * options.MaxThreads ? Forget(byAge.First!) : null;
    }

    private void ForgetBehindRunning()
    {
        for (var node = byAge.First; node is not null && threads.Count >= options.MaxThreads;)
        {
            var next = node.Next;
            if (node.Value.Rollout is null)
            {
                Forget(node);
            }

            node = next;
        }
    }

    private KnownThread Forget(LinkedListNode<KnownThread> node)
    {
        forgotten(node.Value);
        threads.Remove(node.Value.ThreadId);
        byAge.Remove(node);
        return node.Value;
    }
}
