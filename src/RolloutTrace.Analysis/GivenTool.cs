namespace RolloutTrace.Analysis;

/// <summary>A tool as a request defined it to the model.</summary>
public sealed record GivenTool
{
    /// <summary>What the model calls it by; of a tool that the provider has built in, its type. Null if it has neither.</summary>
    public required string? Name { get; init; }

    /// <summary>What the model is told about it; null if nothing.</summary>
    public required string? Description { get; init; }

    /// <summary>What it is called with, as JSON; null if that is not said.</summary>
    public required string? Schema { get; init; }

    /// <summary>The whole definition as JSON, as it stood in the request.</summary>
    public required string Definition { get; init; }

    /// <summary>Length of the definition in bytes of UTF-8.</summary>
    public required int Bytes { get; init; }
}
