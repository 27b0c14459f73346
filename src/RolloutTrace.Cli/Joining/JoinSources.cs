using RolloutTrace.Bundle;
using RolloutTrace.Joining;

namespace RolloutTrace.Cli;

/// <summary>The bundles of a command line as parts of one rollout.</summary>
internal static class JoinSources
{
    public static IReadOnlyList<JoinSource> Of(IEnumerable<FoundBundle> bundles) => [.. bundles.Select(Of)];

    /// <summary>A bundle as a part.</summary>
    public static JoinSource Of(FoundBundle bundle) => new(bundle.Path, () =>
    {
        var opened = bundle.Open();
        return (opened.Reader, opened);
    });

    /// <summary>Joins what can be joined.</summary>
    /// <exception cref="JoinException">The bundles are no tree of rollouts, or several.</exception>
    /// <exception cref="BundleException">A bundle cannot be read.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static JoinResult Join(IEnumerable<FoundBundle> bundles, string directory, string? root) =>
        RolloutJoiner.Join(Of(bundles), directory, new JoinOptions { Root = root });
}
