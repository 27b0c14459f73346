namespace RolloutTrace.Analysis.Answers;

/// <summary>
/// The answer about one bundle, or why there is none. In JSON an object with <c>bundle</c>, <c>error</c>, <c>diagnostics</c> and
/// <c>result</c>; of <c>error</c> and <c>result</c> one is null.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed record BundleAnswer<T>
    where T : class
{
    /// <summary>The bundle, as whoever asks names it: its directory mostly.</summary>
    public required string Bundle { get; init; }

    /// <summary>Why there is no answer, as a sentence that names the bundle; null if there is one.</summary>
    public string? Error { get; init; }

    /// <summary>Number of defects of the bundle, from 0; what was found is from what is sound.</summary>
    public int Diagnostics { get; init; }

    /// <summary>The answer; null if there is none.</summary>
    public T? Result { get; init; }
}
