namespace RolloutTrace.Cli;

/// <summary>What a command that asks about bundles prints for programs.</summary>
/// <typeparam name="T">The answer about one bundle.</typeparam>
internal sealed record Answers<T>
    where T : class
{
    /// <summary>One entry a bundle, in the order of the command line.</summary>
    public required IReadOnlyList<Answer<T>> Bundles { get; init; }
}

/// <summary>The answer about one bundle, or why there is none.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed record Answer<T>
    where T : class
{
    public required string Bundle { get; init; }

    /// <summary>Why there is no answer; null if there is one.</summary>
    public string? Error { get; init; }

    /// <summary>Number of defects of the bundle; what was found is from what is sound.</summary>
    public int Diagnostics { get; init; }

    public T? Result { get; init; }
}
