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
        var groups = RolloutGroups.Of(Different(sources.SelectMany(source => PartReader.Read(source, spool)), spool));
        if (groups.Count == 0)
        {
            throw new JoinException("there is nothing to join");
        }

        var tree = RolloutTree.Of(groups, options?.Root, notes);
        RefuseSharedThreads(tree.Joined);
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
            Apart = [.. groups.Values.Where(static group => group is { Apart: not null, IsOfAnotherTree: false }).SelectMany(static group => group.Parts.Select(part => new ApartPart(part.Source.Path, part.TraceId, part.RolloutId, group.Apart!)))
                .OrderBy(static apart => apart.TraceId, StringComparer.Ordinal)],
            Notes = notes,
            Events = bundle.Events,
            Payloads = files.Payloads,
        };
    }

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
