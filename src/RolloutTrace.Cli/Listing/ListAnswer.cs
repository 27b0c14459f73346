using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>What <c>list --format json</c> prints.</summary>
internal sealed record ListAnswer
{
    /// <summary>The bundles that are meant, newest first.</summary>
    public required IReadOnlyList<BundleOverview> Bundles { get; init; }

    /// <summary>What could not be read, a sentence each.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}
