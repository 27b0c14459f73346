using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace RolloutTrace.Bundle;

/// <summary>
/// The short texts that were read last, so that those that stand on many lines of a log, ids and names, are one string each. Holds a
/// fixed number of them, whatever is read. Not safe for concurrent use.
/// </summary>
internal sealed class RecentTexts
{
    private const int Slots = 1024;
    private const int MaxLength = 64;

    private readonly string?[] texts = new string?[Slots];

    /// <summary>The text of these bytes; null if they are not valid UTF-8.</summary>
    public string? Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Decoded(utf8);
        }

        ref var recent = ref texts[SlotOf(utf8)];
        return recent is not null && Ascii.Equals(utf8, recent) ? recent : recent = Decoded(utf8);
    }

    private static string? Decoded(ReadOnlySpan<byte> utf8) => Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;

    // Ids differ at their ends, names at their beginnings.
    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        ulong mixed = (uint)utf8.Length;
        if (utf8.Length >= sizeof(ulong))
        {
            mixed ^= BinaryPrimitives.ReadUInt64LittleEndian(utf8);
            mixed = (mixed * 0x9E3779B97F4A7C15) ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]);
        }
        else
        {
            foreach (var character in utf8)
            {
                mixed = (mixed << 8) | character;
            }
        }

        return (int)((mixed * 0x9E3779B97F4A7C15) >> 54);
    }
}
