using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// A JSON document on its way into a bundle. Bytes, a <see cref="JsonElement"/> and a <see cref="JsonNode"/> convert by themselves;
/// a string has to say what it is: a document (<see cref="OfJson"/>) or a text (<see cref="OfText"/>). An object comes with its
/// contract (<see cref="From"/>).
/// </summary>
/// <remarks>
/// Nothing is copied, checked or serialised when it is made, so it costs nothing when nobody listens. A recorder takes the bytes
/// before the call that hands it over returns, so the source may change afterwards. Bytes and JSON text are taken to be one JSON
/// document in valid UTF-8 or UTF-16; where they are not, a recorder stores a marker in their place.
/// </remarks>
[JsonConverter(typeof(JsonPayloadConverter))]
public readonly struct JsonPayload
{
    // From so many bytes on a JSON value is copied as it was read, and not written anew: that can be stopped.
    private const int LargeElement = 1 << 20;

    // From so many characters on a string is written piece by piece, where its contract is the serializer's own.
    private const int LargeText = 1 << 16;

    // The value that stands for an object without a contract.
    private static readonly object NoContract = new();

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
    public bool IsEmpty => utf8.IsEmpty && value is null && typeInfo is null && IsUndefined(element);

    /// <summary>JSON as UTF-8 bytes.</summary>
    public static implicit operator JsonPayload(byte[]? json) => new(json.AsMemory());

    /// <summary>JSON as UTF-8 bytes.</summary>
    public static implicit operator JsonPayload(ReadOnlyMemory<byte> json) => new(json);

    /// <summary>A JSON value. Its document must not be disposed before the payload was handed over.</summary>
    public static implicit operator JsonPayload(JsonElement json) => new(json);

    /// <summary>A JSON tree.</summary>
    public static implicit operator JsonPayload(JsonNode? json) =>
        json is JsonValue scalar && scalar.TryGetValue<JsonElement>(out var read) ? new(read) : new(json, typeInfo: null);

    /// <summary>A JSON document that is given as text: <c>{"cmd":"make"}</c>. Text that is no JSON is <see cref="OfText"/>'s.</summary>
    /// <param name="json">The document; null or empty text gives an empty payload.</param>
    public static JsonPayload OfJson(string? json) => new(string.IsNullOrEmpty(json) ? null : json, typeInfo: null);

    /// <summary>Any text: the document is one JSON string, whatever the text is.</summary>
    /// <param name="text">The text, of any length; null gives an empty payload, and empty text the document <c>""</c>.</param>
    public static JsonPayload OfText(string? text) => new(text is null ? null : JsonValue.Create(text), typeInfo: null);

    /// <summary>An object that is serialised by its contract, without reflection.</summary>
    /// <param name="value">The object; null gives the document <c>null</c>.</param>
    /// <param name="typeInfo">
    /// Its contract, as a source-generated <see cref="JsonSerializerContext"/> has it. Without one it cannot be serialised: a
    /// marker will stand for it.
    /// </param>
    /// <typeparam name="T">Type of the object. A value type is boxed.</typeparam>
    public static JsonPayload From<T>(T value, JsonTypeInfo<T> typeInfo) =>
        typeInfo is null ? new JsonPayload(NoContract, typeInfo: null) : new JsonPayload(value, typeInfo);

    /// <summary>The document's bytes if it was given as bytes: the way without a copy.</summary>
    public bool TryGetUtf8(out ReadOnlyMemory<byte> utf8)
    {
        utf8 = this.utf8;
        return !utf8.IsEmpty;
    }

    /// <summary>
    /// Writes the document as UTF-8; an empty payload writes nothing. UTF-8 has no half of a surrogate pair. To be told from U+FFFD,
    /// one in JSON text is written as three bytes, as if it were a character, and one in an object as an escape.
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
            PayloadWriting.Serialize(this, output);
        }
    }

    /// <summary>
    /// The document as text, or in brackets the type of the exception for which there is none; for messages, not for the way into
    /// a bundle.
    /// </summary>
    public override string ToString()
    {
        try
        {
            return Text ?? Encoding.UTF8.GetString(Written().WrittenSpan);
        }
        catch (Exception e)
        {
            return $"[{ErrorType.Of(e)}]";
        }
    }

    /// <summary>The JSON text, if the document was given as that.</summary>
    internal string? Text => typeInfo is null ? value as string : null;

    /// <summary>How many bytes the document has at least, as far as that is known without making it.</summary>
    internal int LeastBytes => !utf8.IsEmpty ? utf8.Length : (value as string ?? ScalarText)?.Length ?? ElementBytes.Length;

    // Of a value that was read from JSON the text would have to be made; that one is an element.
    private string? ScalarText => value is JsonValue scalar && scalar.TryGetValue<string>(out var words) ? words : null;

    /// <summary>The UTF-8 that a JSON value was read from; empty for what is no <see cref="JsonElement"/>.</summary>
    internal ReadOnlySpan<byte> ElementBytes => IsUndefined(element) ? default : JsonMarshal.GetRawUtf8Value(element);

    /// <summary>Whether it is a JSON string that was given as a value.</summary>
    internal bool IsStringValue => value is JsonValue node ? node.GetValueKind() == JsonValueKind.String
        : !IsUndefined(element) && element.ValueKind == JsonValueKind.String;

    /// <summary>What is in a JSON string that was given as a value.</summary>
    internal string StringValue => value is JsonValue node ? node.GetValue<string>() : element.GetString()!;

    /// <summary>
    /// Hands over those members of a tree or of an object that are asked for, each as a JSON document of its own, without making the
    /// whole. One of which only the presence matters is handed over as a number.
    /// </summary>
    /// <exception cref="Exception">Whatever the serializer or a property throws.</exception>
    internal void Tell<TState>(ref TState state, TellMember<TState> tell, Predicate<string> isAsked, Predicate<string> isPresence)
        where TState : struct
    {
        if (value is JsonObject tree && typeInfo is null)
        {
            foreach (var (name, node) in tree)
            {
                if (node is not null && isAsked(name))
                {
                    tell(ref state, name, isPresence(name) ? "1"u8 : Encoding.UTF8.GetBytes(node.ToJsonString()));
                }
            }
        }
        else if (value is not null && typeInfo is { Kind: JsonTypeInfoKind.Object })
        {
            foreach (var property in typeInfo.Properties)
            {
                if (isAsked(property.Name) && property.CustomConverter is null && property.Get?.Invoke(value) is { } member)
                {
                    tell(ref state, property.Name, isPresence(property.Name) ? "1"u8 : JsonSerializer.SerializeToUtf8Bytes(member, typeInfo.Options.GetTypeInfo(property.PropertyType)));
                }
            }
        }
    }

    internal delegate void TellMember<TState>(ref TState state, string name, ReadOnlySpan<byte> json)
        where TState : struct;

    /// <summary>The document, or another one, given as JSON text, if there is none.</summary>
    internal JsonPayload Or(string json) => IsEmpty ? OfJson(json) : this;

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (!utf8.IsEmpty)
        {
            PayloadWriting.WriteRaw(writer, utf8.Span);
        }
        else if (typeInfo is not null)
        {
            if (value is string { Length: > LargeText } content && typeInfo.Converter.GetType().Assembly == typeof(JsonSerializer).Assembly)
            {
                LongText.Write(writer, content);
            }
            else
            {
                JsonSerializer.Serialize(writer, value, typeInfo);
            }
        }
        else if (value is string text)
        {
            PayloadWriting.WriteRaw(writer, text);
        }
        else if (ScalarText is { } words)
        {
            LongText.Write(writer, words);
        }
        else if (value is JsonNode node)
        {
            node.WriteTo(writer);
        }
        else if (ReferenceEquals(value, NoContract))
        {
            throw new InvalidOperationException("an object has no contract to be serialised by");
        }
        else if (ElementBytes is { Length: > LargeElement } large)
        {
            PayloadWriting.WriteRaw(writer, large);
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

    // One whose document was disposed of is a document that cannot be read, not none.
    private static bool IsUndefined(in JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Undefined;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private ArrayBufferWriter<byte> Written()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(buffer);
        return buffer;
    }
}
