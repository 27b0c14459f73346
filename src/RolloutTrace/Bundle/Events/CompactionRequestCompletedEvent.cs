using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A request of a compaction gave its response. In JSON: <c>compaction_request_completed</c>.</summary>
public sealed record CompactionRequestCompletedEvent : RawEventPayload
{
    internal const string TypeName = "compaction_request_completed";

    /// <summary>Id of the compaction, unique in the rollout.</summary>
    public required string CompactionId { get; init; }

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string CompactionRequestId { get; init; }

    /// <summary>The response: its id, tokens and completed output items.</summary>
    public required PayloadReference ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [ResponsePayload];

    internal static CompactionRequestCompletedEvent Read(ref CanonicalJson json) => new()
    {
        CompactionId = json.Text("compaction_id"u8),
        CompactionRequestId = json.Text("compaction_request_id"u8),
        ResponsePayload = json.Reference("response_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("compaction_id"u8, CompactionId);
        json.WriteString("compaction_request_id"u8, CompactionRequestId);
        json.WriteReference("response_payload"u8, ResponsePayload);
    }
}
