namespace RolloutTrace.Lake;

/// <summary>Copies a part of a lake into a directory, so that engines read it there.</summary>
internal sealed class LakeCopy(LakeFiles lake, LakePart part, string directory)
{
    // While it is copied, what was listed may be compacted.
    private const int Tries = 5;

    public async Task<CopiedPart> RunAsync(CancellationToken cancellation)
    {
        for (var i = 1; ; i++)
        {
            var files = new List<LakeFile>();
            foreach (var table in part.Tables)
            {
                Directory.CreateDirectory(Path.Join(directory, table));
                foreach (var day in (await lake.DaysOfAsync(table, cancellation).ConfigureAwait(false)).Where(part.Has))
                {
                    await foreach (var file in lake.OfDayAsync(table, day, cancellation).ConfigureAwait(false))
                    {
                        files.Add(file);
                    }
                }
            }

            try
            {
                await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = lake.AtOnce, CancellationToken = cancellation }, async (file, stop) => await CopyAsync(file.Name, stop).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (FileNotFoundException) when (i < Tries)
            {
                continue;
            }

            DeleteOthers([.. files.Select(static file => file.Name)]);
            await NameRolloutsAsync(cancellation).ConfigureAwait(false);
            return new CopiedPart { Files = files.Count, Bytes = files.Sum(static file => file.Bytes), Days = files.Select(static file => file.Name.Split('/')[1]).Distinct(StringComparer.Ordinal).Count() };
        }
    }

    private async Task CopyAsync(string name, CancellationToken cancellation)
    {
        var place = Path.Join(directory, name);
        if (File.Exists(place))
        {
            return;
        }

        var content = await lake.OpenAsync(name, cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, cancellation).ConfigureAwait(false);
            }
        }
    }

    // What another try had copied, and has gone since.
    private void DeleteOthers(HashSet<string> names)
    {
        foreach (var file in part.Tables.SelectMany(table => Directory.EnumerateFiles(Path.Join(directory, table), "*", SearchOption.AllDirectories)))
        {
            if (!names.Contains(Path.GetRelativePath(directory, file).Replace('\\', '/')))
            {
                File.Delete(file);
            }
        }
    }

    // Compacted rows of a rollout that has a file of its own do not count, whatever its day: the names of these are all that is needed.
    private async Task NameRolloutsAsync(CancellationToken cancellation)
    {
        var names = Directory.CreateDirectory(Path.Join(directory, RolloutLake.OwnNames)).FullName;
        foreach (var day in await lake.DaysOfAsync(RolloutTables.Rollouts, cancellation).ConfigureAwait(false))
        {
            await foreach (var file in lake.OfDayAsync(RolloutTables.Rollouts, day, cancellation).ConfigureAwait(false))
            {
                var name = Path.GetFileName(file.Name);
                if (LakeFileName.BundleOf(name) is not null)
                {
                    await File.Create(Path.Join(names, name)).DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }
}
