using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A breadcrumb from the protocol between agent and client. In JSON: <c>protocol_event_observed</c>.</summary>
public sealed record ProtocolEventObservedEvent : RawEventPayload
{
    internal const string TypeName = "protocol_event_observed";

    /// <summary>The protocol's name of the event.</summary>
    public required string EventType { get; init; }

    /// <summary>The event as it was on the protocol, or a breadcrumb's document.</summary>
    public required PayloadReference EventPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [EventPayload];

    internal static ProtocolEventObservedEvent Read(ref CanonicalJson json) => new()
    {
        EventType = json.Text("event_type"u8),
        EventPayload = json.Reference("event_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("event_type"u8, EventType);
        json.WriteReference("event_payload"u8, EventPayload);
    }
}
