using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Payloads;

namespace RolloutTrace;

/// <summary>
/// A JSON document on its way into a bundle: UTF-8 bytes, text, a <see cref="JsonElement"/>, a <see cref="JsonNode"/>, or an
/// object with its contract. Nothing is copied, checked or serialised when it is made, so it costs nothing when nobody
/// listens; a recorder takes the bytes before the call that hands it over returns, so the source may change afterwards.
/// Bytes and text are taken to be one JSON document in valid UTF-8 or UTF-16.
/// </summary>
[JsonConverter(typeof(JsonPayloadConverter))]
public readonly struct JsonPayload
{
    [ThreadStatic]
    private static Utf8JsonWriter? idleWriter;

    private readonly ReadOnlyMemory<byte> utf8;
    private readonly JsonElement element;
    private readonly object? value;
    private readonly JsonTypeInfo? typeInfo;

    private JsonPayload(ReadOnlyMemory<byte> utf8) => this.utf8 = utf8;

    private JsonPayload(JsonElement element) => this.element = element;

    private JsonPayload(object? value, JsonTypeInfo? typeInfo)
    {
        this.value = value;
        this.typeInfo = typeInfo;
    }

    /// <summary>Whether there is no document: the default value, or made from null or from nothing.</summary>
    public bool IsEmpty => utf8.IsEmpty && value is null && typeInfo is null && element.ValueKind == JsonValueKind.Undefined;

    /// <summary>JSON text.</summary>
    public static implicit operator JsonPayload(string? json) => new(string.IsNullOrEmpty(json) ? null : json, typeInfo: null);

    /// <summary>JSON as UTF-8 bytes.</summary>
    public static implicit operator JsonPayload(byte[]? json) => new(json.AsMemory());

    /// <summary>JSON as UTF-8 bytes.</summary>
    public static implicit operator JsonPayload(ReadOnlyMemory<byte> json) => new(json);

    /// <summary>A JSON value. Its document must not be disposed before the payload was handed over.</summary>
    public static implicit operator JsonPayload(JsonElement json) => new(json);

    /// <summary>A JSON tree.</summary>
    public static implicit operator JsonPayload(JsonNode? json) => new(json, typeInfo: null);

    /// <summary>An object that is serialised by its contract, without reflection.</summary>
    /// <param name="value">The object; null gives the document <c>null</c>.</param>
    /// <param name="typeInfo">Its contract, as a source-generated <see cref="JsonSerializerContext"/> has it.</param>
    /// <typeparam name="T">Type of the object. A value type is boxed.</typeparam>
    public static JsonPayload From<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return new JsonPayload(value, typeInfo);
    }

    /// <summary>The document's bytes if it was given as bytes: the way without a copy.</summary>
    public bool TryGetUtf8(out ReadOnlyMemory<byte> utf8)
    {
        utf8 = this.utf8;
        return !utf8.IsEmpty;
    }

    /// <summary>
    /// Writes the document as UTF-8; an empty payload writes nothing. Half a surrogate pair, which UTF-8 does not have, is written so
    /// that it can be told from U+FFFD: of text in the three bytes it would have as a character, of an object as an escape.
    /// </summary>
    /// <exception cref="Exception">Whatever the serializer or a converter throws; part of the document may have been written by then.</exception>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!utf8.IsEmpty)
        {
            output.Write(utf8.Span);
        }
        else if (value is string text && typeInfo is null)
        {
            StrictUtf8.GetBytes(text, output);
        }
        else if (!IsEmpty)
        {
            // Serialising may lead to code that is traced itself, so the thread's writer is taken while it is in use. One
            // that was left in the middle of a document by an exception is not given back.
            var writer = idleWriter ?? new Utf8JsonWriter(output, PayloadJson.WriterOptions);
            idleWriter = null;
            writer.Reset(output);
            WriteTo(writer);
            writer.Flush();
            writer.Reset(Stream.Null);
            idleWriter = writer;
        }
    }

    /// <summary>The document as text; for messages and span attributes, not for the way into a bundle.</summary>
    public override string ToString()
    {
        if (value is string text && typeInfo is null)
        {
            return text;
        }

        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What is in a JSON string that was given as a value.</summary>
    internal bool TryGetStringValue([NotNullWhen(true)] out string? text)
    {
        text = value is JsonValue node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>()
            : element.ValueKind == JsonValueKind.String ? element.GetString()
            : null;
        return text is not null;
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (!utf8.IsEmpty)
        {
            writer.WriteRawValue(utf8.Span, skipInputValidation: true);
        }
        else if (typeInfo is not null)
        {
            JsonSerializer.Serialize(writer, value, typeInfo);
        }
        else if (value is string text)
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else if (value is JsonNode node)
        {
            node.WriteTo(writer);
        }
        else if (element.ValueKind != JsonValueKind.Undefined)
        {
            element.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
