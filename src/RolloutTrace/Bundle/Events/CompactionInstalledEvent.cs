using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A new history took the old one's place. Thread and turn come from the envelope. In JSON: <c>compaction_installed</c>.</summary>
public sealed record CompactionInstalledEvent : RawEventPayload
{
    internal const string TypeName = "compaction_installed";

    /// <summary>Id of the compaction, unique in the rollout.</summary>
    public required string CompactionId { get; init; }

    /// <summary>The history before and after.</summary>
    public required PayloadReference CheckpointPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [CheckpointPayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => CheckpointPayload;

    internal static CompactionInstalledEvent Read(ref CanonicalJson json) => new()
    {
        CompactionId = json.Text("compaction_id"u8),
        CheckpointPayload = json.Reference("checkpoint_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("compaction_id"u8, CompactionId);
        json.WriteReference("checkpoint_payload"u8, CheckpointPayload);
    }
}
