using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Something the format has no type for. In JSON: <c>other</c>.</summary>
public sealed record OtherEvent : RawEventPayload
{
    /// <summary>What it is.</summary>
    public required string Kind { get; init; }

    /// <summary>What to show of it.</summary>
    public required string Summary { get; init; }

    /// <summary>Payloads that belong to it.</summary>
    public required IReadOnlyList<PayloadReference> Payloads { get; init; }

    /// <summary>Anything else.</summary>
    public required JsonElement Metadata { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => Payloads;
}
