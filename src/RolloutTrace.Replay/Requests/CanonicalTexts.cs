using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RolloutTrace.Analysis.Comparing;

namespace RolloutTrace.Replay.Requests;

/// <summary>
/// Texts of requests with what they are compared by: ids, times, durations, temporary names and ports are the same whatever they are. Each text
/// is looked through once. Safe for concurrent use.
/// </summary>
internal sealed class CanonicalTexts(VolatileText volatiles, long recordedAtMs)
{
    private readonly ConcurrentDictionary<UInt128, CanonicalText> known = new();

    /// <summary>A text.</summary>
    /// <param name="words">The text.</param>
    /// <param name="clockMs">What the clock shows where it stands, in milliseconds since the Unix epoch.</param>
    public CanonicalText Of(string words, long clockMs)
    {
        var hash = Hash(words);
        if (known.TryGetValue(hash, out var found))
        {
            return found;
        }

        // A run that is played again has times of its own, and those that it was told by what was recorded.
        var marked = volatiles.Canonical(words, clockMs);
        marked = clockMs == recordedAtMs ? marked : volatiles.Canonical(marked, recordedAtMs);
        return known.GetOrAdd(hash, new CanonicalText(words, ReferenceEquals(marked, words) ? hash : Hash(marked)));
    }

    /// <summary>One key for several, in their order.</summary>
    public static UInt128 Join(IEnumerable<UInt128> keys) => Hash(MemoryMarshal.AsBytes<UInt128>(keys.ToArray()));

    private static UInt128 Hash(string text) => Hash(MemoryMarshal.AsBytes(text.AsSpan()));

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
