namespace RolloutTrace.Reducer;

/// <summary>What came of a terminal operation.</summary>
public sealed record TerminalResult
{
    /// <summary>The process's exit code; null while it runs.</summary>
    public long? ExitCode { get; init; }

    /// <summary>Its standard output.</summary>
    public required string Stdout { get; init; }

    /// <summary>Its standard error.</summary>
    public required string Stderr { get; init; }

    /// <summary>The output as the model gets it.</summary>
    public string? FormattedOutput { get; init; }

    /// <summary>Size of the output before it was cut, in tokens.</summary>
    public long? OriginalTokenCount { get; init; }

    /// <summary>The runtime's id of this piece of output.</summary>
    public string? ChunkId { get; init; }
}
