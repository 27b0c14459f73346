using Parquet;

namespace RolloutTrace.Lake;

/// <summary>Opens files of a lake as tables of it.</summary>
internal static class TableReading
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no table of this lake; it is named.</exception>
    public static async Task<T> ReadAsync<T>(LakeFiles lake, string name, Func<ParquetReader, Task<T>> read)
    {
        var content = await lake.OpenAsync(name).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            return await ReadAsync($"{lake.Place}/{name}", content, read).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="ReadAsync{T}(LakeFiles, string, Func{ParquetReader, Task{T}})"/>
    public static async Task<T> ReadAsync<T>(string path, Stream content, Func<ParquetReader, Task<T>> read)
    {
        try
        {
            var reader = await ParquetReader.CreateAsync(content).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                if (!reader.CustomMetadata.TryGetValue(RolloutTables.SchemaVersionKey, out var version) || version != ParquetForm.Footer[RolloutTables.SchemaVersionKey])
                {
                    throw new InvalidDataException($"{path}: has no {RolloutTables.SchemaVersionKey} that is known here");
                }

                return await read(reader).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not (InvalidDataException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"{path}: is no table of this lake: {e.Message}", e);
        }
    }

    /// <summary>The bundles that have rows in a file.</summary>
    public static async Task<HashSet<string>> BundlesAsync(ParquetReader reader)
    {
        var bundles = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var names = new string?[checked((int)group.RowCount)];
            await group.ReadAsync(reader.Schema.DataFields[0], names.AsMemory()).ConfigureAwait(false);
            bundles.UnionWith(names.OfType<string>());
        }

        return bundles;
    }

    /// <summary>How many rows a rollout has in other tables, by what its own row says; of a table that it says nothing of there is no entry.</summary>
    /// <param name="reader">A file of <c>rollouts</c>, whose first row it is.</param>
    public static async Task<IReadOnlyDictionary<string, long>> CountsAsync(ParquetReader reader)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var group = reader.OpenRowGroupReader(0);
        foreach (var field in reader.Schema.DataFields.Where(static field => RolloutTables.Names.Contains(field.Name) && field.ClrType == typeof(long)))
        {
            var values = new long?[checked((int)group.RowCount)];
            if (field.IsNullable)
            {
                await group.ReadAsync<long>(field, values.AsMemory()).ConfigureAwait(false);
            }
            else
            {
                var known = new long[values.Length];
                await group.ReadAsync<long>(field, known.AsMemory()).ConfigureAwait(false);
                values = [.. known];
            }

            if (values[0] is { } count)
            {
                counts[field.Name] = count;
            }
        }

        return counts;
    }
}
