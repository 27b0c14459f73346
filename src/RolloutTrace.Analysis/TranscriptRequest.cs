using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>Where in a thread's transcript a request was sent.</summary>
public sealed record TranscriptRequest
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>When it was sent, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>How it ended.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>How many entries of the whole transcript stand before it: all that it showed first is among them, and its response comes behind.</summary>
    public required int EntriesBefore { get; init; }
}
