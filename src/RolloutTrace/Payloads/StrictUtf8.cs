using System.Buffers;
using System.Text;

namespace RolloutTrace.Payloads;

/// <summary>
/// UTF-8 that keeps half a surrogate pair, in the three bytes that it would have as a character, instead of replacing it: what is
/// replaced silently nobody can tell from what was there. The recorder replaces it, and says so.
/// </summary>
internal static class StrictUtf8
{
    public static void GetBytes(string text, IBufferWriter<byte> output)
    {
        var rest = text.AsSpan();
        for (int half; (half = HalfSurrogateEncoder.FindHalf(rest)) >= 0; rest = rest[(half + 1)..])
        {
            Encoding.UTF8.GetBytes(rest[..half], output);
            var unit = rest[half];
            output.Write([(byte)(0xE0 | (unit >> 12)), (byte)(0x80 | ((unit >> 6) & 0x3F)), (byte)(0x80 | (unit & 0x3F))]);
        }

        Encoding.UTF8.GetBytes(rest, output);
    }
}
