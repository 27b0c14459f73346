using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// A parsed payload with typed access to its members; every fault names the payload. Text that is not valid Unicode
/// is left to the dispatcher.
/// </summary>
internal sealed class PayloadDocument : IDisposable
{
    /// <summary>How payloads are parsed.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly PayloadBytes? bytes;
    private readonly TextMender? mender;
    private readonly JsonDocument document;

    private PayloadDocument(PayloadBytes? bytes, JsonDocument document, string name, TextMender? mender)
    {
        this.bytes = bytes;
        this.mender = mender;
        this.document = document;
        Name = name;
    }

    /// <summary>How faults name it: the payload's id, and where in it if it is a part.</summary>
    public string Name { get; }

    public JsonElement Root => document.RootElement;

    /// <summary>Parses a payload and takes over its bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="payloadId">The payload's id.</param>
    /// <param name="mender">Mends the JSON that stands as text in it; null to leave it as it is.</param>
    /// <exception cref="JsonException">They are no JSON.</exception>
    public static PayloadDocument Parse(PayloadBytes bytes, string payloadId, TextMender? mender = null)
    {
        try
        {
            return new PayloadDocument(bytes, EscapedJson.Parse(bytes.Memory, Options), $"payload {payloadId}", mender);
        }
        catch (JsonException)
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a payload that is parsed already, and its bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="parsed">What they say.</param>
    /// <param name="payloadId">The payload's id.</param>
    public static PayloadDocument Of(PayloadBytes bytes, JsonDocument parsed, string payloadId) => new(bytes, parsed, $"payload {payloadId}", mender: null);

    /// <summary>Parses JSON that stands as text in the member <paramref name="member"/> of <paramref name="parent"/>.</summary>
    public PayloadDocument ParseText(JsonElement parent, string member)
    {
        var name = $"{member} in {Name}";
        try
        {
            ReadOnlyMemory<byte> json = Encoding.UTF8.GetBytes(RequiredString(parent, member));
            mender?.Mend(json);
            return new PayloadDocument(null, EscapedJson.Parse(json, Options), name, mender);
        }
        catch (JsonException e)
        {
            throw ReductionFault.Payload($"{name} is not JSON: {JsonWords.Of(e)}", e);
        }
    }

    /// <summary>The member, or an undefined element if <paramref name="parent"/> is no object or has none.</summary>
    public static JsonElement Member(JsonElement parent, string member) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(member, out var value) ? value : default;

    /// <summary>The text of a string; null for anything else, and for a string that is no text.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member as text; null if it is absent or not text.</summary>
    public static string? TextOrNull(JsonElement parent, string member) =>
        Member(parent, member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public string RequiredString(JsonElement parent, string member) =>
        TextOrNull(parent, member) ?? throw ReductionFault.Payload($"{Name} has no string '{member}'");

    /// <summary>The member as a text that may be long, and that the state has in the end.</summary>
    public StoredText RequiredText(JsonElement parent, string member, TextMemory memory) => Member(parent, member) is { ValueKind: JsonValueKind.String } value
        ? StoredText.Of(value, memory)
        : throw ReductionFault.Payload($"{Name} has no string '{member}'");

    /// <summary>As the other, of a text that another member often says too.</summary>
    public StoredText RequiredText(JsonElement parent, string member, TextMemory memory, string other, StoredText ofOther) =>
        Member(parent, member) is { ValueKind: JsonValueKind.String } value && Member(parent, other) is { ValueKind: JsonValueKind.String } known
            && JsonMarshal.GetRawUtf8Value(value).SequenceEqual(JsonMarshal.GetRawUtf8Value(known))
            ? ofOther
            : RequiredText(parent, member, memory);

    /// <summary>The member as text; null if it is absent or null; a fault if it is anything else.</summary>
    public string? OptionalString(JsonElement parent, string member) => Member(parent, member).ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => RequiredString(parent, member),
    };

    public long RequiredInteger(JsonElement parent, string member) =>
        Member(parent, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number
            : throw ReductionFault.Payload($"{Name} has no integer '{member}'");

    /// <summary>The member as an integer; null if it is absent or null; a fault if it is anything else.</summary>
    public long? OptionalInteger(JsonElement parent, string member) => Member(parent, member).ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => RequiredInteger(parent, member),
    };

    public void Dispose()
    {
        document.Dispose();
        bytes?.Dispose();
    }
}
