namespace RolloutTrace.Import;

/// <summary>A session log where a coding agent keeps it.</summary>
public sealed record SessionLog
{
    /// <summary>Whose log it is: <c>codex</c> or <c>claude</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Id of the session; null if the log's beginning does not say.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// The session whose agent spawned this one's; null for one of its own, and where the log's beginning does not say. The two are one rollout where both logs
    /// are imported together.
    /// </summary>
    public string? ParentSessionId { get; init; }

    /// <summary>When it began, in milliseconds since the Unix epoch; null if the log's beginning does not say.</summary>
    public long? StartedAtUnixMs { get; init; }

    /// <summary>The first prompt, at most its first 200 characters; null if the log's beginning has none.</summary>
    public string? Prompt { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }
}
