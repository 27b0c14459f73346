using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>A request of a compaction failed. In JSON: <c>compaction_request_failed</c>.</summary>
public sealed record CompactionRequestFailedEvent : RawEventPayload
{
    internal const string TypeName = "compaction_request_failed";

    /// <summary>Id of the compaction, unique in the rollout.</summary>
    public required string CompactionId { get; init; }

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string CompactionRequestId { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public required string Error { get; init; }

    internal static CompactionRequestFailedEvent Read(ref CanonicalJson json) => new()
    {
        CompactionId = json.Text("compaction_id"u8),
        CompactionRequestId = json.Text("compaction_request_id"u8),
        Error = json.Text("error"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("compaction_id"u8, CompactionId);
        json.WriteString("compaction_request_id"u8, CompactionRequestId);
        json.WriteString("error"u8, Error);
    }
}
