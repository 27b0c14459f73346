using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Joining.Tests;

/// <summary>A directory with the bundles of processes, and what they are joined into.</summary>
internal sealed class JoinDirectory : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-join-");
    private int joined;

    public string Root => directory.FullName;

    public JoinResult Result { get; private set; } = null!;

    /// <summary>Writes bundles and joins them.</summary>
    /// <returns>The joined bundle.</returns>
    public string Join(params ReadOnlySpan<ProcessBundle> bundles)
    {
        var paths = new List<string>();
        foreach (var bundle in bundles)
        {
            paths.Add(bundle.Write(Root));
        }

        return JoinPaths(paths);
    }

    public string JoinPaths(IEnumerable<string> paths, string? root = null)
    {
        var target = Path.Join(Root, $"joined-{++joined}");
        Result = RolloutJoiner.Join(paths.Select(Source), target, new JoinOptions { Root = root });
        return target;
    }

    public static RolloutGraph Reduce(string bundle, bool strict = false) => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = strict }).Graph;

    public static IReadOnlyList<RawEvent> Events(string bundle) => [.. BundleReader.Open(bundle).ReadEvents().Select(line => line.Event.ShouldNotBeNull(line.Defect?.Text))];

    /// <summary>All files of a bundle, by their names.</summary>
    public static SortedDictionary<string, string> Contents(string bundle)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories))
        {
            contents.Add(Path.GetRelativePath(bundle, file), File.ReadAllText(file));
        }

        return contents;
    }

    /// <summary>Two bundles are the same, byte for byte; if not, this shows where.</summary>
    public static void ShouldBeSame(string bundle, string expected)
    {
        var (found, wanted) = (Contents(bundle), Contents(expected));
        foreach (var (name, text) in wanted)
        {
            var (have, want) = (found.GetValueOrDefault(name, "").Split('\n'), text.Split('\n'));
            for (var i = 0; i < Math.Max(have.Length, want.Length); i++)
            {
                have.ElementAtOrDefault(i).ShouldBe(want.ElementAtOrDefault(i), $"{name}, line {i + 1}");
            }
        }

        found.Keys.ShouldBe(wanted.Keys);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static JoinSource Source(string path) => Directory.Exists(path) ? JoinSource.InDirectory(path) : new JoinSource(path, () =>
    {
        var packed = PackedBundle.Open(path);
        return (BundleReader.Open(packed), packed);
    });
}
