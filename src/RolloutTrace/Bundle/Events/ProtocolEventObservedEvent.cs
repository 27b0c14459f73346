using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A breadcrumb from the protocol between agent and client. In JSON: <c>protocol_event_observed</c>.</summary>
public sealed record ProtocolEventObservedEvent : RawEventPayload
{
    /// <summary>The protocol's name of the event.</summary>
    public required string EventType { get; init; }

    /// <summary>The event.</summary>
    public required PayloadReference EventPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [EventPayload];
}
