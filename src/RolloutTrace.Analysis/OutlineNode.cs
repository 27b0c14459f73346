using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Something that ran, with what ran inside it or because of it.</summary>
public sealed record OutlineNode
{
    /// <summary>The status of what has no end and will get none, since the rollout ended or its process died.</summary>
    public const string Unfinished = "unfinished";

    /// <summary>What it is.</summary>
    public required OutlineKind Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it: an agent's path, a model, a tool's name; null if it has only its id.</summary>
    public string? Name { get; init; }

    /// <summary>How it stands, in the words of the state, or <see cref="Unfinished"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it started, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>The event that started it; of a compaction without requests, the one that it came after.</summary>
    public required long StartedSeq { get; init; }

    /// <summary>How long it took by the wall clock, in milliseconds; null while it runs, and if <see cref="IsDurationUnknown"/>.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Whether the wall clock stepped back so that it ended before it started.</summary>
    public bool IsDurationUnknown { get; init; }

    /// <summary>Tokens that it used; for sessions and turns the sum of their own requests, those of compactions included. Null if none are known.</summary>
    public RecordedTokenUsage? Usage { get; init; }

    /// <summary>What it is about, on one line of at most <see cref="RolloutOutline.PreviewLength"/> characters; null if there is nothing to say.</summary>
    public string? Preview { get; init; }

    /// <summary>
    /// Why it failed or was given up, on one line of at most <see cref="RolloutOutline.PreviewLength"/> characters: the error's words, or
    /// a command's exit code and the last lines of its standard error. A tool call has that of its command, though the call completed.
    /// Null if nothing failed, or nobody says why.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>What ran inside it or because of it, in the order of starting.</summary>
    public IReadOnlyList<OutlineNode> Children { get; init; } = [];

    /// <summary>Failed, cancelled, aborted, terminated or unfinished, by its status, or with an error.</summary>
    public bool IsFailure => Error is not null || Status is "failed" or "cancelled" or "aborted" or "terminated" or Unfinished;
}
