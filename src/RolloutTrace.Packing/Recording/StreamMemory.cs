namespace RolloutTrace.Packing;

/// <summary>
/// Bounds the memory of the streams that are being packed: those that were not written to for a while, and those that were used least
/// recently where there are too many, give theirs back. Safe for concurrent use.
/// </summary>
internal sealed class StreamMemory : IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<PackedPayloads> recent = new();
    private readonly Dictionary<PackedPayloads, Used> places = [];
    private readonly int most;
    private readonly TimeSpan idle;
    private readonly TimeProvider time;
    private ITimer? timer;

    /// <param name="most">How many streams may have memory at once.</param>
    /// <param name="idle">How long one may have it and not use it.</param>
    /// <param name="time">Tells the time.</param>
    public StreamMemory(int most, TimeSpan idle, TimeProvider time)
    {
        this.most = most;
        this.idle = idle;
        this.time = time;
    }

    /// <summary>A stream is about to be used.</summary>
    public void Use(PackedPayloads stream)
    {
        PackedPayloads? least;
        long leastAt;
        lock (gate)
        {
            if (places.TryGetValue(stream, out var used))
            {
                recent.Remove(used.Place);
                recent.AddFirst(used.Place);
                places[stream] = used with { At = time.GetTimestamp() };
                return;
            }

            places.Add(stream, new Used(recent.AddFirst(stream), time.GetTimestamp()));
            timer ??= time.CreateTimer(static memory => ((StreamMemory)memory!).Look(), this, idle, idle);
            if (recent.Count <= most)
            {
                return;
            }

            least = recent.Last!.Value;
            leastAt = places[least].At;
        }

        Rest(least, leastAt);
    }

    /// <summary>A stream has no memory any more.</summary>
    public void Remove(PackedPayloads stream)
    {
        lock (gate)
        {
            if (places.Remove(stream, out var used))
            {
                recent.Remove(used.Place);
            }

            if (places.Count == 0)
            {
                timer?.Dispose();
                timer = null;
            }
        }
    }

    /// <summary>Has those give their memory back that did not use it.</summary>
    public void Look()
    {
        (PackedPayloads Stream, long At)[] resting;
        lock (gate)
        {
            resting = [.. places.Where(place => time.GetElapsedTime(place.Value.At) >= idle).Select(static place => (place.Key, place.Value.At))];
        }

        foreach (var (stream, at) in resting)
        {
            Rest(stream, at);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
        }
    }

    // One that is in use, or was used since, stays: it is looked at again.
    private void Rest(PackedPayloads stream, long usedAt)
    {
        if (!stream.Rest())
        {
            return;
        }

        lock (gate)
        {
            if (places.TryGetValue(stream, out var used) && used.At == usedAt)
            {
                Remove(stream);
            }
        }
    }

    private readonly record struct Used(LinkedListNode<PackedPayloads> Place, long At);
}
