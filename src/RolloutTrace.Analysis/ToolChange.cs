namespace RolloutTrace.Analysis;

/// <summary>A tool that two requests define differently.</summary>
public sealed record ToolChange
{
    /// <summary>Name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>The way to the first member that differs, such as <c>parameters.properties.path.type</c>; empty for the whole definition.</summary>
    public required string Member { get; init; }

    /// <summary>What stood there and what stands there.</summary>
    public required TextChange Change { get; init; }
}
