using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Looks whether requests are sound. Those of one thread mostly begin with the one before, which is kept for that as long as there is room: those that
/// were not used for a while make room. For one thread.
/// </summary>
internal sealed class SoundHistories
{
    /// <summary>What is kept of all rollouts together, in bytes.</summary>
    public const long MaxKeptBytes = 16 << 20;

    // A shorter document is parsed before anything is found out about it.
    private const int LeastBytes = 1 << 14;
    private const int MostBytes = (int)(MaxKeptBytes / 2);

    private readonly Dictionary<(RolloutBundle Bundle, string? ThreadId), LinkedListNode<History>> places = [];
    private readonly LinkedList<History> recent = new();
    private long kept;

    /// <summary>What is kept now, in bytes.</summary>
    public long KeptBytes => kept;

    /// <summary>What is wrong with the payload that a record has, as <see cref="JsonCheck"/> says it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="document">Its payload.</param>
    /// <param name="now">The time in milliseconds.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    public PayloadProblem Find(RolloutRecord record, Span<byte> document, long now, out int halves)
    {
        if (record.PayloadReference!.Kind is not PayloadKind.InferenceRequest || document.Length is < LeastBytes or > MostBytes)
        {
            return JsonCheck.Find(document, out halves);
        }

        if (Use((record.Bundle, record.Envelope.ThreadId), document.Length, now) is not { } place)
        {
            return JsonCheck.Find(document, out halves);
        }

        var sequence = place.Value.Sequence;
        kept -= sequence.KeptBytes;
        try
        {
            return JsonCheck.Find(document, sequence, out halves);
        }
        finally
        {
            kept += sequence.KeptBytes;
            while (kept > MaxKeptBytes)
            {
                Forget(recent.Last!);
            }
        }
    }

    /// <summary>Nothing more comes of a rollout.</summary>
    public void Forget(RolloutBundle bundle)
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

    // Null if there is none and no room for one either.
    private LinkedListNode<History>? Use((RolloutBundle Bundle, string? ThreadId) key, int length, long now)
    {
        if (places.TryGetValue(key, out var node))
        {
            recent.Remove(node);
        }
        else if (kept + length > MaxKeptBytes && recent.Last is { Value.UsedAt: var usedAt } && now - usedAt < RequestHistories.BusyMilliseconds)
        {
            return null;
        }
        else
        {
            places.Add(key, node = new(new History(key)));
        }

        node.Value.UsedAt = now;
        recent.AddFirst(node);
        return node;
    }

    private void Forget(LinkedListNode<History> node)
    {
        kept -= node.Value.Sequence.KeptBytes;
        recent.Remove(node);
        places.Remove(node.Value.Key);
    }

    private sealed class History((RolloutBundle Bundle, string? ThreadId) key)
    {
        public (RolloutBundle Bundle, string? ThreadId) Key => key;

        public SoundJsonSequence Sequence { get; } = new();

        public long UsedAt { get; set; }
    }
}
