using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>Makes few files a day and table of the many.</summary>
/// <param name="lake">The lake's files.</param>
/// <param name="large">A compacted file of so many bytes is not written again for what comes later.</param>
internal sealed class LakeCompaction(LakeFiles lake, long large = LakeCompaction.Large)
{
    // What is written again each time is at most this, and so is what is in memory, about.
    private const long Large = 128L << 20;

    private static readonly Table Rollouts = Table.All.Single(static table => table.Name == RolloutTables.Rollouts);

    public async Task<IReadOnlyList<CompactedDay>> RunAsync()
    {
        var days = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in RolloutTables.Names)
        {
            days.UnionWith(await lake.DaysOfAsync(table).ConfigureAwait(false));
        }

        // A rollout that was put again may have got another day.
        var put = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var day in days)
        {
            put[day] = [.. (await DayFiles.FindAsync(lake, Rollouts, day).ConfigureAwait(false)).OfBundles.Select(static file => file.Bundle)];
        }

        var done = new List<CompactedDay>();
        foreach (var day in days)
        {
            // Of its own day what counts is what is there when its files are listed: another compaction may have been quicker.
            bool IsElsewhere(string bundle) => put.Any(other => other.Key != day && other.Value.Contains(bundle));
            if (await new DayCompaction(lake, day, large, IsElsewhere).RunAsync().ConfigureAwait(false) is { } compacted)
            {
                done.Add(compacted);
            }
        }

        return done;
    }
}
