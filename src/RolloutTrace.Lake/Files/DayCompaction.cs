using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>
/// Makes few files of a day's many. At no moment does a row fail to count, and by the rules of the lake's views none counts twice, wherever this is killed:
/// <list type="number">
/// <item>all new files are made elsewhere, and then put; each names those that it replaces;</item>
/// <item>the compacted ones that were replaced go;</item>
/// <item>then the rollouts' own rows in <c>rollouts</c>, from when the compacted rows count, and last their own files in the other tables.</item>
/// </list>
/// </summary>
internal sealed class DayCompaction(LakeFiles lake, string day, long large, Func<string, bool> isElsewhere)
{
    private readonly List<DayFiles> tables = [];
    private readonly Dictionary<DayFiles, List<string>> replaced = [];
    private HashSet<string> own = [];
    private HashSet<string> compacted = [];
    private ReputRollouts reput = ReputRollouts.None;

    public async Task<CompactedDay?> RunAsync()
    {
        foreach (var table in Table.All)
        {
            tables.Add(await DayFiles.FindAsync(lake, table, day).ConfigureAwait(false));
        }

        var rollouts = tables.Single(static table => table.Table.Name == RolloutTables.Rollouts);
        own = rollouts.OfBundles.Select(static file => file.Bundle).ToHashSet(StringComparer.Ordinal);
        foreach (var file in rollouts.Compacted)
        {
            compacted.UnionWith(await TableReading.ReadAsync(lake, file.Name, TableReading.BundlesAsync).ConfigureAwait(false));
        }

        if (tables.TrueForAll(table => table.Count <= 1 || (table.OfBundles.Count == 0 && table.Compacted.Count(file => file.Bytes < large) <= 1)) && !compacted.Any(isElsewhere))
        {
            return null;
        }

        reput = await ReputRollouts.FindAsync(lake, tables, own, compacted).ConfigureAwait(false);
        using var staged = new StagedFiles(lake);
        var kept = 0;
        var rows = 0L;
        foreach (var table in tables)
        {
            var (keptHere, rowsHere) = await MergeAsync(table, staged).ConfigureAwait(false);
            (kept, rows) = (kept + keptHere, rows + rowsHere);
        }

        var before = tables.Sum(static table => table.Count);
        await staged.PutAsync().ConfigureAwait(false);
        await DeleteAsync(replaced.Values.SelectMany(static files => files).Except(staged.Names, StringComparer.Ordinal)).ConfigureAwait(false);
        await DeleteAsync(rollouts.OfBundles.Select(static file => file.File.Name)).ConfigureAwait(false);
        await new OwnFilesDeletion(lake, day, [.. tables.Where(table => table != rollouts)], own, compacted).RunAsync().ConfigureAwait(false);
        return new CompactedDay { Day = day, FilesBefore = before, Files = kept + staged.Names.Count(), Rows = rows };
    }

    // How many compacted files stay as they are, and how many rows are in those that do not.
    private async Task<(int Kept, long Rows)> MergeAsync(DayFiles table, StagedFiles staged)
    {
        var gone = replaced[table] = await ReplacedAsync(table).ConfigureAwait(false);
        var before = new HashSet<string>(StringComparer.Ordinal);
        var (kept, rows) = (0, 0L);
        var merged = new TableMerge(table.Table, lake);
        try
        {
            foreach (var file in table.Compacted.Where(file => !gone.Contains(file.Name, StringComparer.Ordinal)).OrderByDescending(file => file.Bytes >= large).ToList())
            {
                var bundles = await TableReading.ReadAsync(lake, file.Name, TableReading.BundlesAsync).ConfigureAwait(false);

                // What one compacted file has of a rollout is all of it.
                bool IsWanted(string bundle) => (reput.IsKept(bundle, table) || !(own.Contains(bundle) || isElsewhere(bundle))) && !before.Contains(bundle);
                if (file.Bytes >= large && bundles.All(IsWanted))
                {
                    kept++;
                }
                else
                {
                    await merged.ReplaceAsync(file.Name, IsWanted).ConfigureAwait(false);
                    gone.Add(file.Name);
                    if (file.Bytes >= large)
                    {
                        await NextAsync().ConfigureAwait(false);
                    }
                }

                before.UnionWith(bundles);
            }

            foreach (var some in table.OfBundles.Where(file => own.Contains(file.Bundle)).Select(static file => file.File.Name).Chunk(Math.Max(lake.AtOnce, 256)))
            {
                await merged.AddAsync(some, static _ => true).ConfigureAwait(false);
                if (merged.Bytes >= large)
                {
                    await NextAsync().ConfigureAwait(false);
                }
            }

            await NextAsync().ConfigureAwait(false);
        }
        finally
        {
            merged.Dispose();
        }

        return (kept, rows);

        async Task NextAsync()
        {
            rows += merged.Rows;
            if (await merged.FinishAsync().ConfigureAwait(false) is { } content)
            {
                await staged.AddAsync(LakeFileName.In(table.Table.Name, day, LakeFileName.Compacted, ParquetForm.HashOf(content)), content).ConfigureAwait(false);
            }

            merged.Dispose();
            merged = new TableMerge(table.Table, lake);
        }
    }

    // Those whose rows another has, which a killed compaction has left.
    private async Task<List<string>> ReplacedAsync(DayFiles table)
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in table.Compacted.Count > 1 ? table.Compacted : [])
        {
            hashes.UnionWith(await TableReading.ReadAsync(lake, file.Name, static reader => Task.FromResult(ParquetForm.ReplacedBy(reader.CustomMetadata))).ConfigureAwait(false));
        }

        return [.. table.Compacted.Select(static file => file.Name).Where(name => hashes.Contains(LakeFileName.HashOf(name)))];
    }

    private Task DeleteAsync(IEnumerable<string> names) =>
        Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = lake.AtOnce }, async (name, _) => await lake.DeleteAsync(name).ConfigureAwait(false));
}
