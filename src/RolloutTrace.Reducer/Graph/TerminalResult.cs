namespace RolloutTrace.Reducer;

/// <summary>What came of a terminal operation.</summary>
public sealed record TerminalResult
{
    /// <summary>The process's exit code; null while it runs.</summary>
    public long? ExitCode { get; init; }

    /// <summary>Its standard output.</summary>
    public required string Stdout { get => StoredStdout.ToString(); init => StoredStdout = StoredText.Of(value); }

    /// <summary>Its standard error.</summary>
    public required string Stderr { get => StoredStderr.ToString(); init => StoredStderr = StoredText.Of(value); }

    /// <summary>The output as the model gets it.</summary>
    public string? FormattedOutput { get => StoredFormattedOutput?.ToString(); init => StoredFormattedOutput = value is null ? null : StoredText.Of(value); }

    /// <summary>Size of the output before it was cut, in tokens.</summary>
    public long? OriginalTokenCount { get; init; }

    /// <summary>The runtime's id of this piece of output.</summary>
    public string? ChunkId { get; init; }

    /// <summary><see cref="Stdout"/> as it is kept.</summary>
    internal StoredText StoredStdout { get; init; } = StoredText.Empty;

    /// <summary><see cref="Stderr"/> as it is kept.</summary>
    internal StoredText StoredStderr { get; init; } = StoredText.Empty;

    /// <summary><see cref="FormattedOutput"/> as it is kept.</summary>
    internal StoredText? StoredFormattedOutput { get; init; }
}
