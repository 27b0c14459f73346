namespace RolloutTrace.Lake;

/// <summary>A day of the lake of which one file a table was made.</summary>
public sealed record CompactedDay
{
    /// <summary>The day, as <c>yyyy-MM-dd</c>.</summary>
    public required string Day { get; init; }

    /// <summary>How many files there were, from 2.</summary>
    public required int FilesBefore { get; init; }

    /// <summary>How many there are.</summary>
    public required int Files { get; init; }

    /// <summary>How many rows are in them.</summary>
    public required long Rows { get; init; }
}
