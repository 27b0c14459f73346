using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Something the format has no type for. In JSON: <c>other</c>.</summary>
public sealed record OtherEvent : RawEventPayload
{
    internal const string TypeName = "other";

    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>What to show of it.</summary>
    public required string Summary { get; init; }

    /// <summary>Payloads that belong to it.</summary>
    public required IReadOnlyList<PayloadReference> Payloads { get; init; }

    /// <summary>Any JSON value.</summary>
    public required JsonElement Metadata { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => Payloads;

    // It holds any JSON, and is rare: the contract reads it.
    internal static OtherEvent Read(ref CanonicalJson json) => json.Unknown<OtherEvent>();

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("kind"u8, Kind);
        json.WriteString("summary"u8, Summary);
        json.WriteStartArray("payloads"u8);
        foreach (var payload in Payloads)
        {
            payload.Write(json);
        }

        json.WriteEndArray();
        json.WritePropertyName("metadata"u8);
        Metadata.WriteTo(json);
    }
}
