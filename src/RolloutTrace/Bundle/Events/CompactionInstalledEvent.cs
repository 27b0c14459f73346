using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A new history took the old one's place. Thread and turn come from the envelope. In JSON: <c>compaction_installed</c>.</summary>
public sealed record CompactionInstalledEvent : RawEventPayload
{
    /// <summary>The compaction.</summary>
    public required string CompactionId { get; init; }

    /// <summary>The history before and after.</summary>
    public required PayloadReference CheckpointPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [CheckpointPayload];
}
