using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>Makes one file a day and table of the many.</summary>
internal sealed class LakeCompaction(LakeDirectory lake)
{
    // Of a rollout that is being put, the other tables come first.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Table Rollouts = Table.All.Single(static table => table.Name == RolloutTables.Rollouts);

    public async Task<IReadOnlyList<CompactedDay>> RunAsync()
    {
        var days = RolloutTables.Names.SelectMany(lake.DaysOf).Select(static directory => Path.GetFileName(directory)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        // A rollout that was put again may have got another day.
        var put = lake.DaysOf(RolloutTables.Rollouts).SelectMany(static day => DayFiles.Find(Rollouts, day).OfBundles).Select(static file => file.Bundle).ToHashSet(StringComparer.Ordinal);
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
        var tables = Table.All.Select(table => DayFiles.Find(table, Path.Join(lake.Path, table.Name, day))).ToList();
        var rollouts = tables.Single(static table => table.Table == Rollouts);
        if (tables.TrueForAll(static table => table.All.Count <= 1) && !await HasAnyAsync(rollouts.Compacted, put).ConfigureAwait(false))
        {
            return null;
        }

        var own = rollouts.OfBundles.Select(static file => file.Bundle).ToHashSet(StringComparer.Ordinal);
        var made = new List<string>();
        var rows = 0L;
        foreach (var table in tables)
        {
            using var merged = new TableMerge(table.Table);
            foreach (var file in table.Compacted)
            {
                // What one compacted file has of a rollout is all of it.
                var before = merged.Bundles.ToHashSet(StringComparer.Ordinal);
                await merged.AddAsync(file, bundle => !put.Contains(bundle) && !before.Contains(bundle)).ConfigureAwait(false);
            }

            foreach (var file in table.OfBundles.Where(file => own.Contains(file.Bundle)))
            {
                await merged.AddAsync(file.Path, static _ => true).ConfigureAwait(false);
            }

            rows += merged.Rows;
            if (await merged.FinishAsync().ConfigureAwait(false) is { } content)
            {
                var place = Path.Join(table.Directory, LakeFileName.OfCompacted(ParquetForm.HashOf(content)));
                WholeFile.Write(place, content, flush: true);
                made.Add(place);
            }
        }

        // From when its own row is gone, a rollout's rows are the compacted ones.
        foreach (var table in tables.OrderByDescending(static table => table.Table == Rollouts))
        {
            foreach (var gone in table.Compacted.Concat(table.OfBundles.Where(file => own.Contains(file.Bundle) || IsLeft(file.Path)).Select(static file => file.Path)).Except(made, StringComparer.Ordinal))
            {
                File.Delete(gone);
            }
        }

        return new CompactedDay { Day = day["day=".Length..], FilesBefore = tables.Sum(static table => table.All.Count), Files = made.Count, Rows = rows };
    }

    private static async Task<bool> HasAnyAsync(IReadOnlyList<string> compacted, HashSet<string> put)
    {
        using var rows = new TableMerge(Rollouts);
        foreach (var file in compacted)
        {
            await rows.AddAsync(file, put.Contains).ConfigureAwait(false);
        }

        return rows.Rows > 0;
    }

    private static bool IsLeft(string path) => DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Longest;
}
