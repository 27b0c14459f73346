namespace RolloutTrace.Analysis.Answers;

/// <summary>The answers to one question about several bundles. In JSON an object with <c>answer_version</c> and <c>bundles</c>.</summary>
/// <typeparam name="T">The answer about one bundle.</typeparam>
public sealed record BundleAnswers<T>
    where T : class
{
    /// <summary>Version of the answers' form: 1. Members are added without another.</summary>
    public int AnswerVersion { get; init; } = 1;

    /// <summary>One entry a bundle, in the order in which they were asked about.</summary>
    public required IReadOnlyList<BundleAnswer<T>> Bundles { get; init; }
}
