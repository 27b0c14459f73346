using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The requests of one thread, each of which mostly begins with the one before. The newest is kept, and what the next one begins with as it did is not copied again: that
/// one refers to what is kept, which is not written to up to there as long as it is used. What a caller does and what the reader does share nothing but that.
/// </summary>
internal sealed class RequestHistory
{
    // A request that shares less is copied whole, and so much is kept of it: enough to see whether the next one may share more.
    private const int LeastSame = 1 << 13;

    // Where requests share too little it is looked at ever fewer of them, since it takes a copy to know.
    private const int MostSkipped = 64;

    private readonly object gate = new();

    // Guarded by gate.
    private byte[] kept = [];
    private int length;
    private bool isHead;
    private int referred;
    private long lastId;
    private long keptId;
    private int misses;
    private int toSkip;

    /// <summary>What is known of the last request that the reader has seen. The reader's own.</summary>
    public SoundJsonSuccession Sound { get; } = new();

    /// <summary>The last request that the reader has seen. The reader's own.</summary>
    public long Seen { get; set; }

    /// <summary>The last request, if it is stored as it came, and the number of its payload. The reader's own.</summary>
    public (long Id, long Number) Stored { get; set; }

    /// <summary>Memory that it holds, in bytes; right where nobody is taking a request.</summary>
    public int KeptBytes => Volatile.Read(ref kept).Length;

    /// <summary>Says how a request stands to the one before, and keeps it.</summary>
    /// <returns>Null if nothing is known of it since another one is being looked at.</returns>
    public SharedRequest? Take(ReadOnlySpan<byte> request)
    {
        if (!Monitor.TryEnter(gate))
        {
            // Somebody else is asking in the same thread.
            return null;
        }

        try
        {
            if (toSkip > 0)
            {
                toSkip--;
                return Unknown();
            }

            var same = request.CommonPrefixLength(kept.AsSpan(0, length));
            if (length > 0 && same < Math.Min(LeastSame, request.Length))
            {
                KeepHead(request);
                return new SharedRequest(this, keptId, Before: 0, Same: 0, Kept: null);
            }

            Count(isMiss: length > 0 && !isHead && (same < request.Length / 2 || same < referred));
            var before = keptId;
            Keep(request, same);

            // Be it where it was, or in the memory that has taken its place.
            var isShared = same >= LeastSame && same >= request.Length / 2;
            referred = isShared ? same : referred;
            return new SharedRequest(this, keptId, before, same, isShared ? kept : null);
        }
        finally
        {
            Monitor.Exit(gate);
        }
    }

    private SharedRequest Unknown() => new(this, ++lastId, Before: 0, Same: 0, Kept: null);

    private void Count(bool isMiss)
    {
        misses = isMiss ? Math.Min(misses + 1, 6) : 0;
        toSkip = isMiss ? Math.Min((1 << misses) - 2, MostSkipped) : 0;
    }

    // What is referred to is written over in no case; memory that nobody refers to is used again.
    private void Keep(ReadOnlySpan<byte> request, int same)
    {
        if (same < referred || kept.Length < request.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, request.Length + ((long)request.Length / 4)));
            kept.AsSpan(0, same).CopyTo(larger);
            Volatile.Write(ref kept, larger);
            referred = 0;
        }

        request[same..].CopyTo(kept.AsSpan(same));
        (length, isHead, keptId) = (request.Length, false, ++lastId);
    }

    private void KeepHead(ReadOnlySpan<byte> request)
    {
        if (!isHead)
        {
            Volatile.Write(ref kept, new byte[LeastSame]);
            (isHead, referred) = (true, 0);
        }

        (length, keptId) = (Math.Min(LeastSame, request.Length), ++lastId);
        request[..length].CopyTo(kept);
    }
}
