using System.Runtime.InteropServices;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Given;

/// <summary>
/// What a request's list repeats of another's, byte by byte: a whole number of entries at its start. Requests repeat their histories,
/// and what one repeats needs not be parsed again.
/// </summary>
/// <param name="Entries">How many entries are the same.</param>
/// <param name="From">Where the second entry begins to be left out: behind the first, which says in which dialect a list is.</param>
/// <param name="To">Where what is not the same goes on: at the comma or the bracket behind the last entry that is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RepeatedBeginning(int Entries, int From, int To)
{
    private const int LeastEntries = 2;

    /// <summary>Compares a payload with another of which it is known where the entries of its list end.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="other">The other.</param>
    /// <param name="ends">Where the entries of the other's list end, in its bytes.</param>
    /// <returns>Null if too little is the same to be worth anything.</returns>
    public static RepeatedBeginning? Find(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> other, List<int> ends)
    {
        var same = payload.CommonPrefixLength(other);
        var found = ends.BinarySearch(same);
        var entries = found >= 0 ? found + 1 : ~found;
        if (entries < LeastEntries || payload[ends[entries - 1] - 1] is not ((byte)'}' or (byte)']' or (byte)'"'))
        {
            // A number may go on where the other's ends.
            return null;
        }

        var to = ends[entries - 1];
        while (to < payload.Length && payload[to] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            to++;
        }

        return to < payload.Length && payload[to] is (byte)',' or (byte)']' ? new RepeatedBeginning(entries, ends[0], to) : null;
    }

    /// <summary>The payload without the entries that are the same, the first one aside.</summary>
    public byte[] Without(PayloadBytes payload) => [.. payload.Span[..From], .. payload.Span[To..]];
}
