namespace RolloutTrace.Packing;

/// <summary>
/// Compressors that are between two frames, all of them set in the same way. One that is used again has its tables, and its memory, which takes a
/// rollout of a few small requests longer to get than to be compressed. Safe for concurrent use.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class SpareCompressors(int most) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<ZstdEncoder> spares = new();
    private bool isDisposed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return spares.Count;
            }
        }
    }

    /// <summary>One; null if there is none.</summary>
    public ZstdEncoder? Take()
    {
        lock (gate)
        {
            return spares.TryPop(out var spare) ? spare : null;
        }
    }

    /// <summary>Gives one back that has ended its frame.</summary>
    /// <returns>False if there are enough: it stays the caller's.</returns>
    public bool TryGive(ZstdEncoder encoder)
    {
        lock (gate)
        {
            if (isDisposed || spares.Count >= most)
            {
                return false;
            }

            spares.Push(encoder);
            return true;
        }
    }

    /// <summary>Gives their memory back.</summary>
    public void Clear()
    {
        while (Take() is { } spare)
        {
            spare.Dispose();
        }
    }

    /// <summary>Keeps none any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        Clear();
    }
}
