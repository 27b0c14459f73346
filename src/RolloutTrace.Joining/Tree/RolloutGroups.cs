using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>Puts the parts of one rollout together, in order.</summary>
internal static class RolloutGroups
{
    /// <summary>The rollouts of parts that are all different, by their ids.</summary>
    /// <exception cref="JoinException">Parts go on from one another in a circle.</exception>
    public static SortedDictionary<string, RolloutGroup> Of(IEnumerable<Part> parts)
    {
        var groups = new SortedDictionary<string, RolloutGroup>(StringComparer.Ordinal);
        foreach (var group in parts.GroupBy(static part => part.RolloutId, StringComparer.Ordinal))
        {
            groups.Add(group.Key, new RolloutGroup(group.Key, InOrder([.. group])));
        }

        return groups;
    }

    // After the one that it goes on from, and else by time.
    private static IReadOnlyList<Part> InOrder(IReadOnlyList<Part> parts)
    {
        var byId = parts.ToDictionary(static part => part.TraceId, StringComparer.Ordinal);
        var later = new Dictionary<string, List<Part>>(StringComparer.Ordinal);
        var ready = new PriorityQueue<Part, (long, string)>(Comparer<(long Time, string Id)>.Create(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id)));
        foreach (var part in parts)
        {
            if (part.Manifest.ResumedFrom is { TraceId: { } before } && byId.ContainsKey(before))
            {
                (later.TryGetValue(before, out var list) ? list : later[before] = []).Add(part);
            }
            else
            {
                ready.Enqueue(part, KeyOf(part));
            }
        }

        var ordered = new List<Part>(parts.Count);
        while (ready.TryDequeue(out var part, out _))
        {
            ordered.Add(part);
            foreach (var next in later.GetValueOrDefault(part.TraceId) ?? [])
            {
                ready.Enqueue(next, KeyOf(next));
            }
        }

        return ordered.Count == parts.Count ? ordered
            : throw new JoinException($"parts of rollout {parts[0].RolloutId} go on from one another in a circle: {string.Join(", ", parts.Except(ordered).Select(static part => part.TraceId).Order(StringComparer.Ordinal).Take(8))}");
    }

    private static (long Time, string Id) KeyOf(Part part) => (part.Manifest.StartedAtUnixMs, part.TraceId);
}
