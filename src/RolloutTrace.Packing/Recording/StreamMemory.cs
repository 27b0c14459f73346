namespace RolloutTrace.Packing;

/// <summary>
/// Bounds the memory of the streams that are being packed: those that were not written to for a while, and those that were used least
/// recently where there are too many, give theirs back. Safe for concurrent use.
/// </summary>
internal sealed class StreamMemory : IDisposable
{
    // Rollouts that come one after another, and what each recorder writes at once, need no more.
    private const int MostSpares = 2;

    // They may have this part of all.
    private const int LeastPerSpare = 8;

    private readonly Lock gate = new();
    private readonly LinkedList<PackedPayloads> recent = new();
    private readonly Dictionary<PackedPayloads, Used> places = [];
    private readonly long most;
    private readonly TimeSpan idle;
    private readonly TimeProvider time;
    private ITimer? timer;
    private long usedAt;
    private long bytes;

    /// <param name="most">How many bytes streams may have at once, all together.</param>
    /// <param name="spare">How many bytes of them one that is between two streams has.</param>
    /// <param name="idle">How long one may have it and not use it.</param>
    /// <param name="time">Tells the time.</param>
    public StreamMemory(long most, long spare, TimeSpan idle, TimeProvider time)
    {
        this.idle = idle;
        this.time = time;
        var spares = (int)Math.Min(MostSpares, most / LeastPerSpare / spare);
        this.most = most - (spares * spare);
        Spares = new SpareCompressors(spares);
    }

    /// <summary>What streams need no more and others may go on with. As long as some are used; it takes no more memory than one stream each.</summary>
    public SpareCompressors Spares { get; }

    /// <summary>A stream is about to be used.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="needed">How much memory it will have then, in bytes.</param>
    public void Use(PackedPayloads stream, long needed)
    {
        List<(PackedPayloads Stream, long At)>? resting = null;
        lock (gate)
        {
            usedAt = time.GetTimestamp();
            Forget(stream);
            places.Add(stream, new Used(recent.AddFirst(stream), usedAt, needed));
            bytes += needed;
            timer ??= time.CreateTimer(static memory => ((StreamMemory)memory!).Look(), this, idle, idle);
            var left = bytes;
            for (var last = recent.Last; left > most && last != recent.First; last = last!.Previous)
            {
                var used = places[last!.Value];
                left -= used.Bytes;
                (resting ??= []).Add((last.Value, used.At));
            }
        }

        foreach (var (least, at) in resting ?? [])
        {
            Rest(least, at);
        }
    }

    /// <summary>A stream has no memory any more.</summary>
    public void Remove(PackedPayloads stream)
    {
        lock (gate)
        {
            Forget(stream);
            StopIfEmpty();
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

        lock (gate)
        {
            if (time.GetElapsedTime(usedAt) >= idle)
            {
                Spares.Clear();
                StopIfEmpty();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
        }

        Spares.Dispose();
    }

    private void Forget(PackedPayloads stream)
    {
        if (places.Remove(stream, out var used))
        {
            recent.Remove(used.Place);
            bytes -= used.Bytes;
        }
    }

    private void StopIfEmpty()
    {
        if (places.Count == 0 && Spares.Count == 0)
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

    private readonly record struct Used(LinkedListNode<PackedPayloads> Place, long At, long Bytes);
}
