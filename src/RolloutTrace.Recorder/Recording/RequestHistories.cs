using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The histories of all threads, as long as there is room for what they keep: those that were used least recently make room. Safe for concurrent use.
/// </summary>
internal sealed class RequestHistories
{
    /// <summary>What is kept of all rollouts together where it spares copies, and no more, in bytes.</summary>
    public const long LeastKeptBytes = 16 << 20;

    /// <summary>How long a history is kept that is not used.</summary>
    public const long IdleMilliseconds = 30_000;

    /// <summary>How long it need not make room for another one. Where more of them go round than there is room for, each would go before its next use.</summary>
    public const long BusyMilliseconds = 5_000;

    // A shorter one is copied before anything is found out about it.
    private const int LeastBytes = 1 << 14;
    private const int MostBytes = (int)(LeastKeptBytes / 2);

    // What is kept with default options is enough for 64 histories of 2 MB. It may be so much of what the process may have.
    private const int KeptOfQueueLimit = 3;
    private const int LeastPartOfAvailable = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<(RolloutBundle Bundle, string? ThreadId), LinkedListNode<Place>> places = [];
    private readonly LinkedList<Place> recent = new();
    private readonly long maxKeptBytes;
    private long keptBytes;

    /// <param name="maxKeptBytes">What is kept of all rollouts together, in bytes.</param>
    public RequestHistories(long maxKeptBytes) => this.maxKeptBytes = maxKeptBytes;

    /// <summary>Whether any is kept.</summary>
    public bool HasAny
    {
        get
        {
            lock (gate)
            {
                return recent.Count > 0;
            }
        }
    }

    /// <summary>What is to be kept of all rollouts together, in bytes.</summary>
    /// <param name="queueLimitBytes">The bound on what waits to be written.</param>
    /// <param name="refersBack">Whether the storage has no need to look for what is known to be repeated, which takes it several times as much memory.</param>
    /// <param name="availableBytes">What the process may have.</param>
    public static long MostKept(long queueLimitBytes, bool refersBack, long availableBytes) =>
        refersBack ? Math.Max(LeastKeptBytes, Math.Min(Math.Min(queueLimitBytes, availableBytes) * KeptOfQueueLimit, availableBytes / LeastPartOfAvailable)) : LeastKeptBytes;

    /// <summary>Whether a payload is one of those that are looked at.</summary>
    public static bool Has(PayloadKind kind, int bytes) => kind is PayloadKind.InferenceRequest && bytes is >= LeastBytes and <= MostBytes;

    /// <summary>The history of a thread, which is used now.</summary>
    /// <param name="bundle">The thread's rollout.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="length">How long the request is.</param>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>Null if there is none and no room for one either.</returns>
    public RequestHistory? Use(RolloutBundle bundle, string? threadId, int length, long now)
    {
        lock (gate)
        {
            if (places.TryGetValue((bundle, threadId), out var node))
            {
                recent.Remove(node);
            }
            else if (keptBytes + length > maxKeptBytes && recent.Last is { Value.UsedAt: var usedAt } && now - usedAt < BusyMilliseconds)
            {
                return null;
            }
            else
            {
                places.Add((bundle, threadId), node = new(new Place((bundle, threadId), new RequestHistory())));
            }

            node.Value.UsedAt = now;
            recent.AddFirst(node);
            return node.Value.History;
        }
    }

    /// <summary>It was used, and may keep more than before.</summary>
    public void Used(RolloutBundle bundle, string? threadId)
    {
        lock (gate)
        {
            if (!places.TryGetValue((bundle, threadId), out var node))
            {
                return;
            }

            var now = node.Value.History.KeptBytes;
            keptBytes += now - node.Value.Counted;
            node.Value.Counted = now;
            while (keptBytes > maxKeptBytes)
            {
                Forget(recent.Last!);
            }
        }
    }

    /// <summary>Leaves those to the garbage collector that were not used for a while.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void Trim(long now)
    {
        lock (gate)
        {
            while (recent.Last is { Value.UsedAt: var usedAt } last && now - usedAt >= IdleMilliseconds)
            {
                Forget(last);
            }
        }
    }

    /// <summary>Nothing more comes of a rollout.</summary>
    public void Forget(RolloutBundle bundle)
    {
        lock (gate)
        {
            for (var node = recent.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Key.Bundle == bundle)
                {
                    Forget(node);
                }

                node = next;
            }
        }
    }

    private void Forget(LinkedListNode<Place> node)
    {
        keptBytes -= node.Value.Counted;
        recent.Remove(node);
        places.Remove(node.Value.Key);
    }

    private sealed class Place((RolloutBundle Bundle, string? ThreadId) key, RequestHistory history)
    {
        public (RolloutBundle Bundle, string? ThreadId) Key => key;

        public RequestHistory History => history;

        public int Counted { get; set; }

        public long UsedAt { get; set; }
    }
}
