using System.Security.Cryptography;
using RolloutTrace.Bundle;
using RolloutTrace.Joining.Order;
using RolloutTrace.Joining.Parts;
using RolloutTrace.Joining.Tree;
using RolloutTrace.Joining.Writing;

namespace RolloutTrace.Joining;

/// <summary>
/// Joins the bundles of one rollout that several processes have recorded, each for itself, into one bundle: who was called from another
/// process is a spawned thread of whoever called it. The bundles are not changed.
/// </summary>
/// <remarks>
/// The same bundles give the same bytes, in whatever order they are given, and joined bundles are taken apart first. Bundles may come from
/// strangers. Memory grows with logs, and not with payloads; on disk, logs stand once more in a temporary file without a name.
/// </remarks>
public static class RolloutJoiner
{
    /// <summary>Joins bundles.</summary>
    /// <param name="sources">The bundles; one that is given twice counts once.</param>
    /// <param name="directory">The directory of the joined bundle, which must not exist. Its modes are those of a recorder's bundle.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="JoinException">The bundles are no tree of rollouts, or several; or nothing was given. Nothing is written.</exception>
    /// <exception cref="BundleException">A bundle cannot be read, or what is left of an own joined one is damaged. What was written so far is left.</exception>
    /// <exception cref="IOException">Something cannot be written. What was written so far is left.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static JoinResult Join(IEnumerable<JoinSource> sources, string directory, JoinOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var spool = new Spool();
        var notes = new List<string>();
        var (groups, tree) = TreeOf(sources, options, spool, notes);
        new Answers(spool).Find(tree.Joined);
        var parts = Shifts.Set(tree.Joined);
        if (Path.Exists(directory))
        {
            throw new IOException($"{directory}: exists already");
        }

        using var files = new BundleFilesWriter(directory);
        var bundle = new JoinedBundle(tree.Joined, parts, spool, files);
        foreach (var (part, missing) in bundle.Write())
        {
            notes.Add($"{part.Name}: {missing} of its payloads could not be read");
        }

        files.Complete(bundle.Manifest());
        notes.AddRange(parts.Where(static part => part.UnreadableLines > 0).Select(static part => $"{part.Name}: {part.UnreadableLines} of its lines could not be read, and are kept as breadcrumbs"));
        return new JoinResult
        {
            Parts = bundle.JoinedParts(),
            Apart = ApartOf(groups.Values.Where(static group => !group.IsOfAnotherTree)),
            Notes = notes,
            Events = bundle.Events,
            Payloads = files.Payloads,
        };
    }

    /// <summary>Says what joining bundles would give. Nothing is written, and no payload copied.</summary>
    /// <param name="sources">The bundles.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="JoinException">The bundles are no tree of rollouts, or several; or nothing was given.</exception>
    /// <exception cref="BundleException">A bundle cannot be read.</exception>
    public static JoinPlan Plan(IEnumerable<JoinSource> sources, JoinOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        using var spool = new Spool();
        var (groups, tree) = TreeOf(sources, options, spool, []);
        Shifts.Set(tree.Joined);
        var names = new AgentNames(tree.Joined);
        return new JoinPlan
        {
            Root = tree.Joined[0].First.Source.Path,
            Agents = [.. tree.Joined.SelectMany(static group => group.Parts).SelectMany(static part => part.Threads.OrderBy(static thread => thread.Value.Start)).Select(thread => names.Of(thread.Key)).OfType<string>().Distinct(StringComparer.Ordinal)],
            Apart = ApartOf(groups.Values),
        };
    }

    /// <summary>Says by what a bundle can belong to others, of its manifest and its log.</summary>
    /// <param name="source">The bundle.</param>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public static JoinLinks Look(JoinSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var spool = new Spool();
        var parts = PartReader.Read(source, spool);
        return new JoinLinks
        {
            RolloutIds = [.. parts.Select(static part => part.RolloutId).Distinct(StringComparer.Ordinal)],
            Callers = [.. parts.SelectMany(static part => part.Turns.Select(static turn => turn.Caller).Prepend(part.Manifest.Caller)).OfType<CallerReference>().Distinct()],
            Spans = parts.SelectMany(static part => part.Spans.Keys).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static (SortedDictionary<string, RolloutGroup> Groups, RolloutTree Tree) TreeOf(IEnumerable<JoinSource> sources, JoinOptions? options, Spool spool, List<string> notes)
    {
        var groups = RolloutGroups.Of(Different(sources.SelectMany(source => PartReader.Read(source, spool)), spool));
        if (groups.Count == 0)
        {
            throw new JoinException("there is nothing to join");
        }

        var tree = RolloutTree.Of(groups, options?.Root, notes);
        RefuseSharedThreads(tree.Joined);
        return (groups, tree);
    }

    private static IReadOnlyList<ApartPart> ApartOf(IEnumerable<RolloutGroup> groups) =>
        [.. groups.Where(static group => group.Apart is not null)
            .SelectMany(static group => group.Parts.Select(part => new ApartPart(part.Source.Path, part.TraceId, part.RolloutId, group.Apart!)))
            .OrderBy(static part => part.TraceId, StringComparer.Ordinal)];

    // Of two copies the longer one: the other was made while it was recorded. Which of two that somebody has changed is as well, as long as it is always the same.
    private static IEnumerable<Part> Different(IEnumerable<Part> parts, Spool spool)
    {
        foreach (var copies in parts.GroupBy(static part => part.TraceId, StringComparer.Ordinal))
        {
            if (copies.FirstOrDefault(part => part.RolloutId != copies.First().RolloutId) is { } other)
            {
                throw new JoinException($"{copies.First().Source.Path} and {other.Source.Path} have the same trace id, {copies.Key}, and are of two rollouts");
            }

            yield return copies.Skip(1).Any()
                ? copies.OrderByDescending(static part => part.Events.Count).ThenBy(part => Digest(part, spool), StringComparer.Ordinal).First()
                : copies.First();
        }
    }

    private static string Digest(Part part, Spool spool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var e in part.Events)
        {
            hash.AppendData(spool.Read(e.Line));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void RefuseSharedThreads(IReadOnlyList<RolloutGroup> joined)
    {
        var owners = new Dictionary<string, RolloutGroup>(StringComparer.Ordinal);
        foreach (var (group, threadId) in joined.SelectMany(static group => group.Parts.SelectMany(static part => part.Threads.Keys).Append(group.RootThreadId).Distinct(StringComparer.Ordinal).Select(threadId => (group, threadId))))
        {
            if (!owners.TryAdd(threadId, group))
            {
                throw new JoinException($"rollouts {owners[threadId].RolloutId} and {group.RolloutId} both have a thread {threadId}");
            }
        }
    }
}
