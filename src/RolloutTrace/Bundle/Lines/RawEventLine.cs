namespace RolloutTrace.Bundle;

/// <summary>
/// What a non-blank line of an event log gave: an event, or the reason why there is none. A line gives one of these, in the
/// order of the log; several with the same number where more than one event could be read from it.
/// </summary>
public readonly record struct RawEventLine
{
    private readonly IReadOnlyList<LineDefect>? repairs;

    /// <summary>Line number in the log, from 1.</summary>
    public required long LineNumber { get; init; }

    /// <summary>Where the line ends in the log, in bytes from its beginning, its line end included.</summary>
    public required long EndOffset { get; init; }

    /// <summary>The event; null if none could be read.</summary>
    public RawEvent? Event { get; init; }

    /// <summary>
    /// Why a reader that takes nothing but what the format has refuses the line; null if it does not. Never null where
    /// <see cref="Event"/> is. Where both are there, the event is what could be made of the line.
    /// </summary>
    public LineDefect? Defect { get; init; }

    /// <summary>What was mended or left alone to read <see cref="Event"/>; empty for a line that is sound.</summary>
    public IReadOnlyList<LineDefect> Repairs
    {
        get => repairs ?? [];
        init => repairs = value;
    }

}
