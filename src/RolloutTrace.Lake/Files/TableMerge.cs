using Parquet;
using Parquet.Schema;
using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>Writes the rows of many files of a table into one, a group of rows at a time.</summary>
internal sealed class TableMerge(Table table, LakeFiles lake) : IDisposable
{
    private readonly MemoryStream file = new();
    private readonly ColumnValues[] columns = [.. table.Schema.DataFields.Select(ColumnValues.Of)];
    private readonly HashSet<string> bundles = new(StringComparer.Ordinal);
    private ParquetWriter? writer;
    private int waiting;

    public long Rows { get; private set; }

    /// <summary>The rollouts whose rows are in it.</summary>
    public IReadOnlySet<string> Bundles => bundles;

    /// <summary>Adds the rows of files, in their order.</summary>
    /// <param name="names">The files.</param>
    /// <param name="isWanted">Whether a bundle's rows count.</param>
    /// <exception cref="InvalidDataException">One is no file of this table.</exception>
    public async Task AddAsync(IReadOnlyList<string> names, Func<string, bool> isWanted)
    {
        foreach (var some in names.Chunk(lake.AtOnce))
        {
            // Whatever comes of one, none stays open.
            var opened = some.Select(name => lake.OpenAsync(name)).ToList();
            try
            {
                for (var i = 0; i < some.Length; i++)
                {
                    await AddAsync($"{lake.Place}/{some[i]}", await opened[i].ConfigureAwait(false), isWanted).ConfigureAwait(false);
                }
            }
            finally
            {
                foreach (var stream in opened)
                {
                    await stream.ContinueWith(static done => done.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    /// <summary>The file; null if there are no rows.</summary>
    public async Task<byte[]?> FinishAsync()
    {
        if (Rows == 0)
        {
            return null;
        }

        await FlushAsync().ConfigureAwait(false);
        await writer!.DisposeAsync().ConfigureAwait(false);
        return await ParquetForm.FinishAsync(file).ConfigureAwait(false);
    }

    public void Dispose() => file.Dispose();

    private async Task AddAsync(string path, Stream content, Func<string, bool> isWanted)
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

                for (var i = 0; i < reader.RowGroupCount; i++)
                {
                    using var group = reader.OpenRowGroupReader(i);
                    await AddAsync(reader.Schema, group, isWanted).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is not (InvalidDataException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"{path}: is no table of this lake: {e.Message}", e);
        }
    }

    private async Task AddAsync(ParquetSchema schema, ParquetRowGroupReader group, Func<string, bool> isWanted)
    {
        var count = checked((int)group.RowCount);
        var names = new string?[count];
        await group.ReadAsync(schema.DataFields[0], names.AsMemory()).ConfigureAwait(false);
        var wanted = Enumerable.Range(0, count).Where(row => isWanted(names[row]!)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        bundles.UnionWith(wanted.Select(row => names[row]!));
        foreach (var column in columns)
        {
            await column.AddAsync(group, schema, count, wanted).ConfigureAwait(false);
        }

        Rows += wanted.Count;
        waiting += wanted.Count;
        if (waiting >= ParquetForm.RowsOfGroup)
        {
            await FlushAsync().ConfigureAwait(false);
        }
    }

    private async Task FlushAsync()
    {
        if (waiting == 0)
        {
            return;
        }

        if (writer is null)
        {
            writer = await ParquetWriter.CreateAsync(table.Schema, file, ParquetForm.Options()).ConfigureAwait(false);
            writer.CustomMetadata = ParquetForm.Footer;
        }

        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            await column.WriteAsync(group).ConfigureAwait(false);
        }

        group.CompleteValidate();
        waiting = 0;
    }
}
