using System.Collections.Concurrent;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>
/// The bundles below a root, for those who name them from outside. A name is compared with those of the bundles that are there, and is
/// never used as a path; links below the root are not followed. So nothing outside the root is read, whatever the name. Safe for concurrent use.
/// </summary>
/// <param name="root">The root.</param>
/// <param name="isJoined">Whether the bundles of several processes are one rollout.</param>
internal sealed class RolloutCatalog(string root, bool isJoined = false) : IDisposable
{
    private const int MostNamed = 10;

    private readonly RolloutsTogether? together = isJoined ? new RolloutsTogether() : null;

    // A manifest is written once, and again when its recorder has to give up. To find out that a file of strangers cannot be read takes seconds.
    private readonly ConcurrentDictionary<string, (DateTime WrittenAt, long Length, CataloguedRollout Rollout)> known = new(StringComparer.Ordinal);

    /// <summary>The root, as a whole path.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>Why there is nothing to find, if the root is not there: it may come yet, or its name be misspelt. Null if it is there.</summary>
    public string? WhyMissing => Directory.Exists(Root) ? null : $"there is no directory {Root} yet, where rollouts would be";

    /// <summary>All that there are now, the newest first and those that cannot be read last; none if there is no root yet.</summary>
    public IReadOnlyList<CataloguedRollout> All()
    {
        IReadOnlyList<CataloguedRollout> all = [.. BundleFinder.Below(Root).Select(Read)];
        foreach (var gone in known.Keys.Except(all.Select(static rollout => rollout.Path), StringComparer.Ordinal))
        {
            known.TryRemove(gone, out _);
        }

        all = together?.Of(all) ?? all;
        return [.. all.OrderByDescending(static rollout => rollout.StartedAtUnixMs).ThenBy(static rollout => rollout.Name, StringComparer.Ordinal)];
    }

    /// <summary>The one that a word means: <c>last</c>, its directory, rollout id or trace id, or a beginning or end of these that no other has.</summary>
    /// <exception cref="QueryException">It means none, or more than one.</exception>
    public CataloguedRollout Find(string word)
    {
        var all = All();
        if (all.Count == 0)
        {
            throw new QueryException(WhyMissing ?? $"there is no rollout in {Root} yet");
        }

        if (word == RolloutRoot.Last)
        {
            return all[0];
        }

        var named = all.Where(rollout => rollout.Names.Contains(word, StringComparer.Ordinal)).ToList();
        if (named.Count == 0 && word.Length > 0)
        {
            named = [.. all.Where(rollout => rollout.Names.Any(name => name.StartsWith(word, StringComparison.Ordinal) || name.EndsWith(word, StringComparison.Ordinal)))];
        }

        return named switch
        {
            [var only] => only,
            [] => throw new QueryException($"there is no rollout '{word}': none of the {Wording.Count(all.Count)} has an id or a directory that begins or ends so"),
            _ => throw new QueryException($"'{word}' means {Wording.Count(named.Count)} rollouts: {string.Join(", ", named.Take(MostNamed).Select(static rollout => rollout.Name))}{(named.Count > MostNamed ? ", and older ones" : "")}"),
        };
    }

    public void Dispose() => together?.Dispose();

    private CataloguedRollout Read(FoundBundle found)
    {
        if (found.Problem is not null)
        {
            return new CataloguedRollout { Name = NameOf(found.Path), Found = found, Problem = found.Problem };
        }

        var file = new FileInfo(found.Kind == FoundBundleKind.Packed ? found.Path : Path.Join(found.Path, BundleLayout.ManifestFileName));
        var (writtenAt, length) = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (known.TryGetValue(found.Path, out var before) && (before.WrittenAt, before.Length) == (writtenAt, length))
        {
            return before.Rollout;
        }

        CataloguedRollout rollout;
        try
        {
            using var opened = found.Open();
            rollout = new CataloguedRollout { Name = NameOf(found.Path), Found = found, Manifest = opened.Reader.Manifest };
        }
        catch (BundleException e)
        {
            rollout = new CataloguedRollout { Name = NameOf(found.Path), Found = found, Problem = e.Message };
            if (!file.Exists || e.GetBaseException() is IOException or UnauthorizedAccessException)
            {
                // What keeps it from being read is not in it, and may be over the next time.
                return rollout;
            }
        }

        known[found.Path] = (writtenAt, length, rollout);
        return rollout;
    }

    private string NameOf(string path)
    {
        var below = Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');
        return below == "." ? Path.GetFileName(Root) : below;
    }
}
