using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Parses JSON whose texts are long and full of escapes. System.Text.Json steps through a text byte by byte from its first escape on; here
/// the escapes stand hidden while it does, so that it steps from end to end, and stand again as they were before anybody reads the text.
/// </summary>
internal static class EscapedJson
{
    // Less is as soon parsed.
    private const int MinBytes = 512;

    /// <summary>As <see cref="JsonDocument.Parse(ReadOnlyMemory{byte}, JsonDocumentOptions)"/>, with the same result and the same errors.</summary>
    /// <param name="json">What is to be parsed, in memory that can be written and that nobody else looks at meanwhile.</param>
    /// <param name="options">How.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options)
    {
        if (json.Length < MinBytes || !json.Span.Contains((byte)'\\'))
        {
            return JsonDocument.Parse(json, options);
        }

        using (new HiddenEscapes(MemoryMarshal.AsMemory(json).Span))
        {
            try
            {
                return JsonDocument.Parse(json, options);
            }
            catch (JsonException)
            {
                // What is wrong may be what is hidden.
            }
        }

        return JsonDocument.Parse(json, options);
    }

    /// <summary>
    /// The length of the text, object or list that comes first, with white space before it; 0 if it is anything else, not JSON as a whole, or so short
    /// that it is as soon read.
    /// </summary>
    /// <param name="json">The bytes; as for <see cref="Parse"/>.</param>
    /// <param name="options">How to look at it.</param>
    public static int LengthOfValue(ReadOnlySpan<byte> json, JsonReaderOptions options) =>
        LengthOfSoundValue(json, out var start) is > 0 and var length && IsSound(json[start..length], options) ? length : 0;

    /// <summary>As <see cref="LengthOfValue"/>, of what is known to be JSON.</summary>
    public static int LengthOfSoundValue(ReadOnlySpan<byte> json) => LengthOfSoundValue(json, out _);

    private static int LengthOfSoundValue(ReadOnlySpan<byte> json, out int start)
    {
        start = json.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            return 0;
        }

        var value = json[start..];
        var length = value[0] switch
        {
            (byte)'"' => LengthOfText(value),
            (byte)'{' or (byte)'[' => JsonContainer.Length(value),
            _ => 0,
        };
        return length >= MinBytes ? start + length : 0;
    }

    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length && text[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var step; at += 2)
        {
            at += step;
            if (text[at] == (byte)'"')
            {
                return at + 1;
            }
        }

        return 0;
    }

    private static bool IsSound(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        if (!json.Contains((byte)'\\'))
        {
            return IsSoundAsItStands(json, options);
        }

        using (new HiddenEscapes(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(json), json.Length)))
        {
            return IsSoundAsItStands(json, options);
        }
    }

    private static bool IsSoundAsItStands(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        try
        {
            var reader = new Utf8JsonReader(json, options);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
