namespace RolloutTrace.Import;

/// <summary>A rollout that was imported.</summary>
public sealed record ImportedRollout
{
    /// <summary>The bundle's directory.</summary>
    public required string Bundle { get; init; }

    /// <summary>What it was made from, such as <c>codex</c> or <c>claude</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Id of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>When its first event happened, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>Whether it has an end: the input did not stop in the middle of it.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>How many threads it has.</summary>
    public required int Threads { get; init; }

    /// <summary>How many turns it has.</summary>
    public required int Turns { get; init; }

    /// <summary>How many model requests it has.</summary>
    public required int Requests { get; init; }

    /// <summary>How many tool calls it has.</summary>
    public required int ToolCalls { get; init; }
}
