namespace RolloutTrace.Joining.Parts;

/// <summary>A tool call as a part tells it.</summary>
internal sealed class PartTool
{
    /// <summary>Its thread; null where the event does not say it.</summary>
    public required string? ThreadId { get; init; }

    /// <summary>Where it starts among the part's events.</summary>
    public required int Start { get; init; }

    /// <summary>Where it ends; -1 if it does not.</summary>
    public int End { get; set; } = -1;

    /// <summary>The payload with its result; null if there is none.</summary>
    public string? Result { get; set; }
}
