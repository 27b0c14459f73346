using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The histories of all threads, as long as there is room for what they keep: those that were used least recently make room. Safe for concurrent use.
/// </summary>
internal sealed class RequestHistories
{
    /// <summary>What is kept of all rollouts together, in bytes.</summary>
    public const long MaxKeptBytes = 16 << 20;

    // A shorter one is copied before anything is found out about it.
    private const int LeastBytes = 1 << 14;
    private const int MostBytes = (int)(MaxKeptBytes / 2);

    private readonly Lock gate = new();
    private readonly Dictionary<(RolloutBundle Bundle, string? ThreadId), LinkedListNode<Place>> places = [];
    private readonly LinkedList<Place> recent = new();
    private long keptBytes;

    /// <summary>Whether a payload is one of those that are looked at.</summary>
    public static bool Has(PayloadKind kind, int bytes) => kind is PayloadKind.InferenceRequest && bytes is >= LeastBytes and <= MostBytes;

    /// <summary>The history of a thread, which is used now.</summary>
    public RequestHistory Use(RolloutBundle bundle, string? threadId)
    {
        lock (gate)
        {
            if (places.TryGetValue((bundle, threadId), out var node))
            {
                recent.Remove(node);
            }
            else
            {
                places.Add((bundle, threadId), node = new(new Place((bundle, threadId), new RequestHistory())));
            }

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
            while (keptBytes > MaxKeptBytes)
            {
                Forget(recent.Last!);
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
    }
}
