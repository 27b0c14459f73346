namespace RolloutTrace.Payloads;

/// <summary>The document <c>compaction_checkpoint</c>.</summary>
internal sealed record CheckpointPayload
{
    public required JsonPayload InputHistory { get; init; }

    public required JsonPayload ReplacementHistory { get; init; }
}
