namespace RolloutTrace.Analysis;

/// <summary>Where in a thread's transcript a request was sent.</summary>
public sealed record TranscriptRequest
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>When it was sent, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>How it stands, in the words of the state, or <see cref="OutlineNode.Unfinished"/>.</summary>
    public required string Status { get; init; }

    /// <summary>How many entries of the whole transcript stand before it: all that it showed first is among them, and its response comes behind.</summary>
    public required int EntriesBefore { get; init; }
}
