using Parquet;
using Parquet.Schema;
using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>Writes the rows of many files of a table into one, a group of rows at a time.</summary>
internal sealed class TableMerge(Table table, LakeFiles lake) : IDisposable
{
    private readonly MemoryStream file = new();
    private readonly ColumnValues[] columns = [.. table.Schema.DataFields.Select(ColumnValues.Of)];
    private readonly HashSet<string> replaced = new(StringComparer.Ordinal);
    private ParquetWriter? writer;
    private int waiting;

    public long Rows { get; private set; }

    /// <summary>How long the file is by now.</summary>
    public long Bytes => file.Length;

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
                    await TableReading.ReadAsync($"{lake.Place}/{some[i]}", await opened[i].ConfigureAwait(false), reader => AddAsync(reader, isWanted)).ConfigureAwait(false);
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

    /// <summary>Adds the rows of a compacted file, in whose place this one will be.</summary>
    /// <param name="name">The file.</param>
    /// <param name="isWanted">Whether a bundle's rows count.</param>
    public Task ReplaceAsync(string name, Func<string, bool> isWanted)
    {
        replaced.Add(LakeFileName.HashOf(name));
        return AddAsync([name], isWanted);
    }

    /// <summary>The file; null if there are no rows.</summary>
    public async Task<byte[]?> FinishAsync()
    {
        if (Rows == 0)
        {
            return null;
        }

        await FlushAsync().ConfigureAwait(false);
        writer!.CustomMetadata = ParquetForm.FooterOf(replaced);
        await writer.DisposeAsync().ConfigureAwait(false);
        return await ParquetForm.FinishAsync(file).ConfigureAwait(false);
    }

    public void Dispose() => file.Dispose();

    private async Task<bool> AddAsync(ParquetReader reader, Func<string, bool> isWanted)
    {
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            await AddAsync(reader.Schema, group, isWanted).ConfigureAwait(false);
        }

        return true;
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

        writer ??= await ParquetWriter.CreateAsync(table.Schema, file, ParquetForm.Options()).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            await column.WriteAsync(group).ConfigureAwait(false);
        }

        group.CompleteValidate();
        waiting = 0;
    }
}
