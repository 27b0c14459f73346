namespace RolloutTrace.Lake;

/// <summary>
/// Deletes the own files of rollouts that are compacted, in all tables but <c>rollouts</c>, where they have none any more. Who puts such a rollout again
/// at the same time may have seen them and not written them again: whose row in <c>rollouts</c> is there afterwards gets back what was deleted. Who puts looks
/// again too, after its row is there; so one of the two sees the other.
/// </summary>
internal sealed class OwnFilesDeletion(LakeFiles lake, string day, IReadOnlyList<DayFiles> tables, HashSet<string> own, HashSet<string> compacted)
{
    private const int AtOnce = 64;

    // Of a rollout that is being put, the other tables come first.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public async Task RunAsync()
    {
        var gone = tables.SelectMany(static table => table.OfBundles.Select(file => (table.Table, file.Bundle, file.File)))
            .Where(file => own.Contains(file.Bundle) || compacted.Contains(file.Bundle) || DateTimeOffset.UtcNow - file.File.WrittenAt > Longest)
            .ToLookup(static file => file.Bundle, StringComparer.Ordinal);
        foreach (var some in gone.Chunk(AtOnce))
        {
            var back = await RolloutsAsync().ConfigureAwait(false);
            var deleted = new List<(string Table, string Bundle, string Name, byte[] Content)>();
            foreach (var file in some.Where(files => !back.ContainsKey(files.Key)).SelectMany(static files => files))
            {
                if (await ReadAsync(file.File.Name).ConfigureAwait(false) is { } content)
                {
                    deleted.Add((file.Table.Name, file.Bundle, file.File.Name, content));
                }
            }

            foreach (var step in deleted.ToLookup(static file => IsUncounted(file.Table)).OrderBy(static step => step.Key))
            {
                await Parallel.ForEachAsync(step, new ParallelOptions { MaxDegreeOfParallelism = lake.AtOnce }, async (file, _) => await lake.DeleteAsync(file.Name).ConfigureAwait(false)).ConfigureAwait(false);
            }

            await RestoreAsync(deleted).ConfigureAwait(false);
        }
    }

    private async Task<byte[]?> ReadAsync(string name)
    {
        try
        {
            var content = await lake.OpenAsync(name).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                using var bytes = new MemoryStream();
                await content.CopyToAsync(bytes).ConfigureAwait(false);
                return bytes.ToArray();
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // A rollout's row says nothing of them: what is missing is told by the others, so these go last.
    private static bool IsUncounted(string table) => table is "edges" or "compactions";

    private async Task<Dictionary<string, string>> RolloutsAsync()
    {
        var back = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var file in lake.OfDayAsync(RolloutTables.Rollouts, day).ConfigureAwait(false))
        {
            if (LakeFileName.BundleOf(Path.GetFileName(file.Name)) is { } bundle)
            {
                back[bundle] = file.Name;
            }
        }

        return back;
    }

    private async Task RestoreAsync(List<(string Table, string Bundle, string Name, byte[] Content)> deleted)
    {
        var back = await RolloutsAsync().ConfigureAwait(false);
        foreach (var file in deleted.Where(file => back.ContainsKey(file.Bundle)))
        {
            var counts = await TableReading.ReadAsync(lake, back[file.Bundle], TableReading.CountsAsync).ConfigureAwait(false);
            if (counts.GetValueOrDefault(file.Table, 1) > 0 && !await HasOtherAsync(file.Table, file.Bundle).ConfigureAwait(false))
            {
                await lake.WriteAsync(file.Name, file.Content).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> HasOtherAsync(string table, string bundle)
    {
        await foreach (var file in lake.ListAsync($"{table}/{LakeFileName.DayPrefix}{day}/{bundle}.").ConfigureAwait(false))
        {
            if (LakeFileName.BundleOf(Path.GetFileName(file.Name)) == bundle)
            {
                return true;
            }
        }

        return false;
    }
}
