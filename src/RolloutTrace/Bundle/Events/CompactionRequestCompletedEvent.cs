using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A request of a compaction gave its response. In JSON: <c>compaction_request_completed</c>.</summary>
public sealed record CompactionRequestCompletedEvent : RawEventPayload
{
    /// <summary>The compaction.</summary>
    public required string CompactionId { get; init; }

    /// <summary>The attempt.</summary>
    public required string CompactionRequestId { get; init; }

    /// <summary>The response.</summary>
    public required PayloadReference ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [ResponsePayload];
}
