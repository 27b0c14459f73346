namespace RolloutTrace.Bundle;

/// <summary>One non-blank line of an event log: the event on it, or why there is none.</summary>
public readonly record struct RawEventLine
{
    /// <summary>Line number in the log, from 1.</summary>
    public required long LineNumber { get; init; }

    /// <summary>Where the line ends in the log, in bytes from its beginning, its line end included.</summary>
    public required long EndOffset { get; init; }

    /// <summary>The event; null if the line could not be parsed.</summary>
    public RawEvent? Event { get; init; }

    /// <summary>What is wrong with the line; null if nothing is.</summary>
    public string? Error { get; init; }
}
