namespace RolloutTrace.Lake;

/// <summary>
/// The rollouts of a day that have both compacted rows and a row of their own in <c>rollouts</c>: those that were put again. Of one that was put again
/// unchanged while a compaction, which was killed then, deleted its files, the compacted rows are all there is.
/// </summary>
internal sealed class ReputRollouts
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> damaged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> withFile = new(StringComparer.Ordinal);

    private ReputRollouts()
    {
    }

    /// <summary>None.</summary>
    public static ReputRollouts None { get; } = new();

    /// <summary>Looks for those whose files are not all there.</summary>
    public static async Task<ReputRollouts> FindAsync(LakeFiles lake, IReadOnlyList<DayFiles> tables, HashSet<string> own, HashSet<string> compacted)
    {
        var found = new ReputRollouts();
        foreach (var table in tables)
        {
            found.withFile[table.Table.Name] = table.OfBundles.Select(static file => file.Bundle).ToHashSet(StringComparer.Ordinal);
        }

        foreach (var (bundle, file) in tables.Single(static table => table.Table.Name == RolloutTables.Rollouts).OfBundles.Where(file => own.Contains(file.Bundle) && compacted.Contains(file.Bundle)))
        {
            var counts = await TableReading.ReadAsync(lake, file.Name, TableReading.CountsAsync).ConfigureAwait(false);
            if (counts.Any(count => count.Value > 0 && !found.withFile[count.Key].Contains(bundle)))
            {
                found.damaged[bundle] = counts;
            }
        }

        return found;
    }

    /// <summary>Whether a rollout's compacted rows in a table are kept, since it must have rows there and has no file.</summary>
    public bool IsKept(string bundle, DayFiles table) =>
        damaged.TryGetValue(bundle, out var counts) && table.Table.Name != RolloutTables.Rollouts && !withFile[table.Table.Name].Contains(bundle)
        && (!counts.TryGetValue(table.Table.Name, out var count) || count > 0);
}
