namespace RolloutTrace.Bundle;

/// <summary>A request of a compaction failed. In JSON: <c>compaction_request_failed</c>.</summary>
public sealed record CompactionRequestFailedEvent : RawEventPayload
{
    /// <summary>The compaction.</summary>
    public required string CompactionId { get; init; }

    /// <summary>The attempt.</summary>
    public required string CompactionRequestId { get; init; }

    /// <summary>What went wrong.</summary>
    public required string Error { get; init; }
}
