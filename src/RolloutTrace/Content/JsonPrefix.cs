using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Content;

/// <summary>The beginning of a JSON string, without reading the rest of it.</summary>
internal static class JsonPrefix
{
    /// <param name="raw">The string without its quotation mark, escaped; behind what is taken anything may follow.</param>
    /// <param name="length">The most bytes that are looked at.</param>
    public static string Of(ReadOnlySpan<byte> raw, int length)
    {
        raw = raw[..Math.Min(raw.Length, length)];
        var end = 0;
        while (end < raw.Length && raw[end] != '"' && Step(raw[end..]) is var step and > 0)
        {
            end += step;
        }

        byte[] json = [(byte)'"', .. raw[..end], (byte)'"'];
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    // The length of what comes first, an escape, a pair of them or a character; 0 where it is torn.
    private static int Step(ReadOnlySpan<byte> raw)
    {
        if (raw[0] != '\\')
        {
            return Rune.DecodeFromUtf8(raw, out _, out var length) == OperationStatus.Done ? length : 0;
        }

        var first = raw.Length > 1 && raw[1] == 'u' ? 6 : 2;
        var isHighSurrogate = first == 6 && raw.Length >= 6 && (raw[2] | 0x20) == 'd' && raw[3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'b' or (byte)'A' or (byte)'B';
        var whole = isHighSurrogate ? 12 : first;
        return whole <= raw.Length ? whole : 0;
    }
}
