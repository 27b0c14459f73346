namespace RolloutTrace.Analysis.Answers;

/// <summary>The answers to one question about several bundles. In JSON an object with the member <c>bundles</c>.</summary>
/// <typeparam name="T">The answer about one bundle.</typeparam>
public sealed record BundleAnswers<T>
    where T : class
{
    /// <summary>One entry a bundle, in the order in which they were asked about.</summary>
    public required IReadOnlyList<BundleAnswer<T>> Bundles { get; init; }
}
