namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>list</c> says of many bundles. In JSON <c>answer_version</c>, <c>total</c>, <c>next_offset</c>, <c>bundles</c> and <c>errors</c>.</summary>
public sealed record ListAnswer
{
    /// <summary>Version of the answers' form: 1. Members are added without another.</summary>
    public int AnswerVersion { get; init; } = 1;

    /// <summary>How many bundles are meant, of which <see cref="Bundles"/> may be a part.</summary>
    public int Total { get; init; }

    /// <summary>How many bundles to leave out to have those that follow here; null if none follow.</summary>
    public int? NextOffset { get; init; }

    /// <summary>The bundles that are meant, newest first.</summary>
    public required IReadOnlyList<BundleOverview> Bundles { get; init; }

    /// <summary>What could not be read, a sentence each; empty if all could.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}
