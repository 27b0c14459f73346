using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Replay;

/// <summary>
/// A parsed payload with typed access to its members; every fault names the payload. Text that is not valid Unicode
/// is left to <see cref="RolloutReplay"/> to refuse.
/// </summary>
internal sealed class PayloadDocument : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly PayloadBytes? bytes;
    private readonly JsonDocument document;

    private PayloadDocument(PayloadBytes? bytes, JsonDocument document, string name)
    {
        this.bytes = bytes;
        this.document = document;
        Name = name;
    }

    /// <summary>How faults name it: the payload's id, and where in it if it is a part.</summary>
    public string Name { get; }

    public JsonElement Root => document.RootElement;

    /// <summary>Parses a payload and takes over its bytes.</summary>
    public static PayloadDocument Parse(PayloadBytes bytes, string payloadId)
    {
        try
        {
            return new PayloadDocument(bytes, JsonDocument.Parse(bytes.Memory, Options), $"payload {payloadId}");
        }
        catch (JsonException e)
        {
            bytes.Dispose();
            throw ReductionFault.Payload($"payload {payloadId} is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Parses JSON that stands as text in the member <paramref name="member"/> of <paramref name="parent"/>.</summary>
    public PayloadDocument ParseText(JsonElement parent, string member)
    {
        var name = $"{member} in {Name}";
        try
        {
            return new PayloadDocument(null, JsonDocument.Parse(RequiredString(parent, member), Options), name);
        }
        catch (JsonException e)
        {
            throw ReductionFault.Payload($"{name} is not JSON: {e.Message}", e);
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
