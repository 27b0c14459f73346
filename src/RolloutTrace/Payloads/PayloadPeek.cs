using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Payloads;

/// <summary>
/// Reads in payloads what spans need of them. Reading may fail in any way, since payloads are the caller's objects and models'
/// words. Such a failure ends here, and the span goes without; the recorder meets the same failure and reports it. No more is made
/// of a payload than is looked at: an object may be endless, and bytes too many to copy.
/// </summary>
internal static class PayloadPeek
{
    /// <summary>The largest document that is read whole, in bytes; nothing is to be had from a larger one.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>The longest arguments of a tool that are made into text, in bytes, where they are not text yet.</summary>
    public const int MaxTextBytes = 1 << 20;

    // More than a preview needs.
    private const int HeadBytes = 4 << 10;

    public delegate T? Reader<out T>(ReadOnlyMemory<byte> utf8);

    /// <summary>
    /// The JSON text; of a JSON string that was given as a value, what is in it. Null if there is none to be had, and if it would
    /// be too long to make; of such a one <paramref name="head"/> is the beginning.
    /// </summary>
    public static string? Text(in JsonPayload payload, out string? head)
    {
        head = null;
        try
        {
            if (payload.Text is { } text)
            {
                return head = text;
            }

            if (payload.IsStringValue && payload.ElementBytes.Length <= MaxTextBytes)
            {
                return head = payload.StringValue;
            }

            var utf8 = Head(payload, MaxTextBytes, out var isWhole);
            head = Encoding.UTF8.GetString(isWhole ? utf8.Span : utf8.Span[..Math.Min(utf8.Length, HeadBytes)]);
            return isWhole ? head : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>What a request says besides its messages, as far as that can be had without making the whole of it.</summary>
    public static RequestParameters Parameters(in JsonPayload request)
    {
        try
        {
            if (request.LeastBytes > MaxBytes)
            {
                return default;
            }

            if (request.TryGetUtf8(out var utf8))
            {
                return RequestParameters.Read(utf8.Span);
            }

            if (request.Text is { } text)
            {
                return Parameters(text);
            }

            if (!request.ElementBytes.IsEmpty)
            {
                return RequestParameters.Read(request.ElementBytes);
            }

            var parameters = default(RequestParameters);
            request.Tell(
                ref parameters,
                static (ref parameters, name, json) => parameters.Add(Encoding.UTF8.GetBytes(name), json),
                RequestParameters.Knows,
                RequestParameters.KnowsPresenceOf);
            return parameters;
        }
        catch (Exception)
        {
            return default;
        }
    }

    private static RequestParameters Parameters(string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        try
        {
            return RequestParameters.Read(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>What <paramref name="read"/> makes of the payload's bytes; the default value if there are none, or too many, or it fails.</summary>
    public static T? Read<T>(in JsonPayload payload, Reader<T> read)
    {
        if (payload.IsEmpty)
        {
            return default;
        }

        try
        {
            if (payload.LeastBytes > MaxBytes)
            {
                return default;
            }

            var utf8 = Head(payload, MaxBytes, out var isWhole);
            return isWhole ? read(utf8) : default;
        }
        catch (Exception)
        {
            return default;
        }
    }

    /// <summary>The document's bytes as far as the limit.</summary>
    /// <exception cref="Exception">Whatever the serializer or a converter throws.</exception>
    public static ReadOnlyMemory<byte> Head(in JsonPayload payload, int limit, out bool isWhole)
    {
        if (payload.TryGetUtf8(out var utf8))
        {
            isWhole = utf8.Length <= limit;
            return isWhole ? utf8 : utf8[..limit];
        }

        var buffer = new BoundedBuffer(limit);
        try
        {
            payload.WriteTo(buffer);
        }
        catch (Exception) when (buffer.IsOver)
        {
            // That is how it is stopped.
        }

        isWhole = !buffer.IsOver;
        return buffer.Written;
    }

    /// <summary>A member of the object that the text is, a string or a number as text; null if it has none such.</summary>
    public static string? Member(string? json, string name) =>
        string.IsNullOrEmpty(json) ? null : Read(JsonPayload.OfJson(json), utf8 => Member(utf8, name));

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

    /// <summary>What a tool gave, out of the item that carries it: its text, or the whole of what has none. Null if there is nothing.</summary>
    public static string? Output(in JsonPayload item) =>
        Read(item, static utf8 => Member(utf8, "output") ?? Member(utf8, "content") ?? Encoding.UTF8.GetString(utf8.Span));

    /// <summary>How many items the list has; null if it is none.</summary>
    public static int? ItemCount(in JsonPayload payload) => Read(payload, ItemCount);

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
