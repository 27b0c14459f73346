namespace RolloutTrace.Analysis;

/// <summary>An exception on a span: the event <c>exception</c> at its end.</summary>
public sealed record RolloutSpanFailure
{
    /// <summary>The exception's type.</summary>
    public required string Type { get; init; }

    /// <summary>What it said.</summary>
    public required string Message { get; init; }
}
