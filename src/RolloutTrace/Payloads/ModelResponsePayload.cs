namespace RolloutTrace.Payloads;

/// <summary>The documents <c>inference_response</c> and <c>compaction_response</c>.</summary>
internal sealed record ModelResponsePayload
{
    public string? ResponseId { get; init; }

    public string? UpstreamRequestId { get; init; }

    public TokenUsage? TokenUsage { get; init; }

    /// <summary>A list of output items; empty where there were none.</summary>
    public required JsonPayload OutputItems { get; init; }
}
