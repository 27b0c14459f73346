namespace RolloutTrace.Analysis;

/// <summary>A parameter that two requests give differently.</summary>
public sealed record ParameterChange
{
    /// <summary>Name of the parameter.</summary>
    public required string Name { get; init; }

    /// <summary>What it was and is.</summary>
    public required TextChange Change { get; init; }
}
