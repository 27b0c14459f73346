using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Payloads;

/// <summary>
/// Reads in payloads what spans need of them. Payloads are the caller's objects and models' words, so reading one may fail in
/// any way: then there is nothing to be had from it, and the recorder, who meets the same failure when it takes the payload,
/// reports it. This is the one place where that is contained.
/// </summary>
internal static class PayloadPeek
{
    public delegate T? Reader<out T>(ReadOnlyMemory<byte> utf8);

    /// <summary>The JSON text; of a JSON string that was given as a value, what is in it. Null if there is none to be had.</summary>
    public static string? Text(in JsonPayload payload)
    {
        try
        {
            return payload.TryGetStringValue(out var text) ? text : payload.ToString();
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>What <paramref name="read"/> makes of the payload's bytes; the default value if there are none, or it fails.</summary>
    public static T? Read<T>(in JsonPayload payload, Reader<T> read)
    {
        if (payload.IsEmpty)
        {
            return default;
        }

        try
        {
            return read(Utf8(payload));
        }
        catch (Exception)
        {
            return default;
        }
    }

    /// <summary>A member of the object that the text is, a string or a number as text; null if it has none such.</summary>
    public static string? Member(string? json, string name) =>
        string.IsNullOrEmpty(json) ? null : Read(json, utf8 => Member(utf8, name));

    /// <inheritdoc cref="Member(string, string)"/>
    public static string? Member(ReadOnlyMemory<byte> utf8, string name)
    {
        string? found = null;
        var reader = new Utf8JsonReader(utf8.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var sought = reader.ValueTextEquals(name);
            reader.Read();
            if (sought)
            {
                found = reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => null,
                };
            }

            reader.Skip();
        }

        return found;
    }

    /// <summary>How many items the list has; null if it is none.</summary>
    public static int? ItemCount(in JsonPayload payload) => Read(payload, ItemCount);

    private static ReadOnlyMemory<byte> Utf8(in JsonPayload payload)
    {
        if (payload.TryGetUtf8(out var utf8))
        {
            return utf8;
        }

        var buffer = new ArrayBufferWriter<byte>();
        payload.WriteTo(buffer);
        return buffer.WrittenMemory;
    }

    private static int? ItemCount(ReadOnlyMemory<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            count++;
        }

        return count;
    }
}
