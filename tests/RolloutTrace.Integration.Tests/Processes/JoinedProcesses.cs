using RolloutTrace.Bundle;
using RolloutTrace.Joining;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests.Processes;

/// <summary>A directory for the bundles of processes, and what they are joined into.</summary>
internal sealed class JoinedProcesses : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-processes-");
    private int joined;

    public string Path => directory.FullName;

    /// <summary>Where the bundles go.</summary>
    public string Root => System.IO.Path.Join(Path, "bundles");

    public JoinResult Result { get; private set; } = null!;

    /// <summary>The bundles that are there, in the order in which they began.</summary>
    public IReadOnlyList<string> Bundles => Directory.Exists(Root) ? [.. Directory.GetDirectories(Root).Where(BundleReader.IsBundle).Order(StringComparer.Ordinal)] : [];

    public string Join(IEnumerable<string> bundles)
    {
        var target = System.IO.Path.Join(Path, $"joined-{++joined}");
        Result = RolloutJoiner.Join(bundles.Select(JoinSource.InDirectory), target);
        return target;
    }

    /// <summary>Joins all bundles, of which none stays apart, and reduces what comes of it.</summary>
    /// <param name="count">How many there are.</param>
    public RolloutGraph Reduce(int count)
    {
        var bundle = Join(Bundles);
        Result.Apart.ShouldBeEmpty();
        Result.Parts.Count.ShouldBe(count);
        return RolloutReducer.Reduce(bundle).Graph;
    }

    /// <summary>All files of a bundle, by their names.</summary>
    public static SortedDictionary<string, string> Contents(string bundle) => new(
        Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).ToDictionary(file => System.IO.Path.GetRelativePath(bundle, file), File.ReadAllText),
        StringComparer.Ordinal);

    public void Dispose() => directory.Delete(recursive: true);
}
