using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>The directory that recorders write bundles into, where a rollout is found by a word instead of a path.</summary>
internal sealed class RolloutRoot(Func<string, string?> environment)
{
    /// <summary>The word for the newest rollout.</summary>
    public const string Last = "last";

    /// <summary>The variable that names the directory; recorders go by it too.</summary>
    public const string Variable = "ROLLOUT_TRACE_ROOT";

    /// <summary>The directory when the variable names none.</summary>
    public const string Default = "rollout-traces";

    private const int MostNamed = 10;

    /// <summary>The directory, as the variable or the habit names it.</summary>
    public string Directory => environment(Variable) is { } named && !string.IsNullOrWhiteSpace(named) ? named : Default;

    /// <summary>The bundle that a word means: <c>last</c>, or the beginning or end of a rollout id, trace id or directory name; or why it means none.</summary>
    public (FoundBundle? Bundle, string? Problem) Find(string word)
    {
        if (word.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
        {
            return (null, $"{word}: no such file or directory");
        }

        if (!System.IO.Directory.Exists(Directory))
        {
            return (null, $"{word}: no such file or directory, and there is no {Directory} to look for a rollout in ({Variable} names another)");
        }

        var all = Bundles().ToList();
        return word == Last ? Newest(all) : Named(all, word);
    }

    /// <summary>Whether a bundle lies below the root, where its names mean it.</summary>
    public bool Holds(string bundle)
    {
        var inside = Path.GetRelativePath(Path.GetFullPath(Directory), Path.GetFullPath(bundle));
        return !Path.IsPathRooted(inside) && inside != "." && !inside.StartsWith("..", StringComparison.Ordinal);
    }

    private (FoundBundle? Bundle, string? Problem) Newest(List<(FoundBundle Bundle, BundleManifest Manifest)> all) => all.Count == 0
        ? (null, $"{Last}: there is no rollout in {Directory}")
        : (all.OrderBy(static bundle => bundle.Manifest.StartedAtUnixMs).ThenBy(static bundle => bundle.Bundle.Path, StringComparer.Ordinal).Last().Bundle, null);

    private (FoundBundle? Bundle, string? Problem) Named(List<(FoundBundle Bundle, BundleManifest Manifest)> all, string word)
    {
        var named = all.Where(bundle => Names(bundle.Bundle.Path, bundle.Manifest).Contains(word, StringComparer.Ordinal)).ToList();
        if (named.Count == 0)
        {
            named = [.. all.Where(bundle => Names(bundle.Bundle.Path, bundle.Manifest).Any(name => name.StartsWith(word, StringComparison.Ordinal) || name.EndsWith(word, StringComparison.Ordinal)))];
        }

        return named switch
        {
            [var only] => (only.Bundle, null),
            [] => (null, $"{word}: no such file or directory, and no rollout in {Directory} has an id or a directory that begins or ends so"),
            _ => (null, $"{word}: means {named.Count} rollouts in {Directory}: {Listed(named)}"),
        };
    }

    private static string Listed(List<(FoundBundle Bundle, BundleManifest Manifest)> named) =>
        string.Join(", ", named.OrderByDescending(static bundle => bundle.Manifest.StartedAtUnixMs).Take(MostNamed)
            .Select(static bundle => $"{Path.GetFileName(bundle.Bundle.Path)} of {Wording.Time(bundle.Manifest.StartedAtUnixMs)}"))
        + (named.Count > MostNamed ? $", and {named.Count - MostNamed} older" : "");

    private static IEnumerable<string> Names(string path, BundleManifest manifest) => [PackedFormat.WithoutExtension(Path.GetFileName(path)), manifest.RolloutId, manifest.TraceId];

    // A bundle whose manifest cannot be read has a name at least, but no time.
    private IEnumerable<(FoundBundle Bundle, BundleManifest Manifest)> Bundles()
    {
        foreach (var bundle in BundleFinder.Below(Directory))
        {
            if (bundle.Problem is not null)
            {
                continue;
            }

            BundleManifest manifest;
            try
            {
                using var opened = bundle.Open();
                manifest = opened.Reader.Manifest;
            }
            catch (BundleException)
            {
                manifest = new BundleManifest { TraceId = "", RolloutId = "", RootThreadId = "", StartedAtUnixMs = long.MinValue };
            }

            yield return (bundle, manifest);
        }
    }
}
