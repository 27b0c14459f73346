namespace RolloutTrace;

/// <summary>What a command had written by its end. All members are optional.</summary>
public readonly struct CommandOutput
{
    /// <summary>What it wrote to its standard output; empty by default.</summary>
    public string? Stdout { get; init; }

    /// <summary>What it wrote to its standard error; empty by default.</summary>
    public string? Stderr { get; init; }

    /// <summary>The output as the model gets it; by default <see cref="Stdout"/> and then <see cref="Stderr"/>.</summary>
    public string? Formatted { get; init; }

    /// <summary>Both outputs in the order in which they came; by default one after the other.</summary>
    public string? Aggregated { get; init; }
}
