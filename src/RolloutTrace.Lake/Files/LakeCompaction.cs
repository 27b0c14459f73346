using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>Makes one file a day and table of the many.</summary>
internal sealed class LakeCompaction(LakeFiles lake)
{
    // Of a rollout that is being put, the other tables come first.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Table Rollouts = Table.All.Single(static table => table.Name == RolloutTables.Rollouts);

    public async Task<IReadOnlyList<CompactedDay>> RunAsync()
    {
        var days = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in RolloutTables.Names)
        {
            days.UnionWith(await lake.DaysOfAsync(table).ConfigureAwait(false));
        }

        // A rollout that was put again may have got another day.
        var put = new HashSet<string>(StringComparer.Ordinal);
        foreach (var day in days)
        {
            put.UnionWith((await DayFiles.FindAsync(lake, Rollouts, day).ConfigureAwait(false)).OfBundles.Select(static file => file.Bundle));
        }

        var done = new List<CompactedDay>();
        foreach (var day in days)
        {
            if (await CompactAsync(day, put).ConfigureAwait(false) is { } compacted)
            {
                done.Add(compacted);
            }
        }

        return done;
    }

    private async Task<CompactedDay?> CompactAsync(string day, HashSet<string> put)
    {
        var tables = new List<DayFiles>();
        foreach (var table in Table.All)
        {
            tables.Add(await DayFiles.FindAsync(lake, table, day).ConfigureAwait(false));
        }

        var rollouts = tables.Single(static table => table.Table == Rollouts);
        if (tables.TrueForAll(static table => table.Count <= 1) && !await HasAnyAsync(rollouts.Compacted, put).ConfigureAwait(false))
        {
            return null;
        }

        var own = rollouts.OfBundles.Select(static file => file.Bundle).ToHashSet(StringComparer.Ordinal);
        var made = new List<string>();
        var rows = 0L;
        foreach (var table in tables)
        {
            using var merged = new TableMerge(table.Table, lake);
            foreach (var file in table.Compacted)
            {
                // What one compacted file has of a rollout is all of it.
                var before = merged.Bundles.ToHashSet(StringComparer.Ordinal);
                await merged.AddAsync([file], bundle => !put.Contains(bundle) && !before.Contains(bundle)).ConfigureAwait(false);
            }

            await merged.AddAsync([.. table.OfBundles.Where(file => own.Contains(file.Bundle)).Select(static file => file.File.Name)], static _ => true).ConfigureAwait(false);
            rows += merged.Rows;
            if (await merged.FinishAsync().ConfigureAwait(false) is { } content)
            {
                var name = LakeFileName.In(table.Table.Name, day, LakeFileName.Compacted, ParquetForm.HashOf(content));
                await lake.WriteAsync(name, content).ConfigureAwait(false);
                made.Add(name);
            }
        }

        // From when its own row is gone, a rollout's rows are the compacted ones.
        foreach (var table in tables.OrderByDescending(static table => table.Table == Rollouts))
        {
            var gone = table.Compacted.Concat(table.OfBundles.Where(file => own.Contains(file.Bundle) || IsLeft(file.File)).Select(static file => file.File.Name)).Except(made, StringComparer.Ordinal);
            await Parallel.ForEachAsync(gone, new ParallelOptions { MaxDegreeOfParallelism = lake.AtOnce }, async (name, _) => await lake.DeleteAsync(name).ConfigureAwait(false)).ConfigureAwait(false);
        }

        return new CompactedDay { Day = day, FilesBefore = tables.Sum(static table => table.Count), Files = made.Count, Rows = rows };
    }

    private async Task<bool> HasAnyAsync(IReadOnlyList<string> compacted, HashSet<string> put)
    {
        using var rows = new TableMerge(Rollouts, lake);
        await rows.AddAsync(compacted, put.Contains).ConfigureAwait(false);
        return rows.Rows > 0;
    }

    private static bool IsLeft(LakeFile file) => DateTimeOffset.UtcNow - file.WrittenAt > Longest;
}
