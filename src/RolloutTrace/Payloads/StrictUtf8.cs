using System.Buffers;
using System.Text;

namespace RolloutTrace.Payloads;

/// <summary>
/// UTF-8 that keeps half a surrogate pair: it is written in three bytes, as if it were a character. Replaced here, nobody could tell
/// it from a U+FFFD that was there before. The recorder replaces it later, and says so.
/// </summary>
internal static class StrictUtf8
{
    private const int PieceLength = 16 << 10;

    /// <summary>Writes the text piece by piece, so that the output can stop it.</summary>
    public static void GetBytes(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var length = LengthOfPiece(text, PieceLength);
            GetPiece(text[..length], output);
            text = text[length..];
        }
    }

    /// <summary>As much of a text as one takes at a time without parting the halves of a character.</summary>
    public static int LengthOfPiece(ReadOnlySpan<char> text, int most) =>
        text.Length <= most ? text.Length : char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;

    private static void GetPiece(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        for (int half; (half = HalfSurrogateEncoder.FindHalf(text)) >= 0; text = text[(half + 1)..])
        {
            Encoding.UTF8.GetBytes(text[..half], output);
            var unit = text[half];
            output.Write([(byte)(0xE0 | (unit >> 12)), (byte)(0x80 | ((unit >> 6) & 0x3F)), (byte)(0x80 | (unit & 0x3F))]);
        }

        Encoding.UTF8.GetBytes(text, output);
    }
}
