namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>list</c> says of many bundles. In JSON <c>bundles</c> and <c>errors</c>.</summary>
public sealed record ListAnswer
{
    /// <summary>The bundles that are meant, newest first.</summary>
    public required IReadOnlyList<BundleOverview> Bundles { get; init; }

    /// <summary>What could not be read, a sentence each; empty if all could.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}
