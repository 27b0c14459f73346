using Parquet;
using Parquet.Schema;
using RolloutTrace.Lake.Columns;

namespace RolloutTrace.Lake.Tables;

/// <summary>A table of the lake: its name, its columns, and the rows that a rollout has in it. Every table begins with the bundle and the rollout's id.</summary>
internal abstract class Table
{
    /// <summary>The tables, each a file of its own.</summary>
    public static IReadOnlyList<Table> All { get; } =
    [
        new RolloutsTable(), new ThreadsTable(), new TurnsTable(), new RequestsTable(), new ItemsTable(), new ToolCallsTable(), new EdgesTable(), new CompactionsTable(), new FindingsTable(),
    ];

    public abstract string Name { get; }

    public abstract ParquetSchema Schema { get; }

    /// <summary>The rows of a rollout as a Parquet file; null if there are none.</summary>
    public abstract Task<TableFile?> WriteAsync(TableSource source);
}

/// <inheritdoc cref="Table"/>
/// <typeparam name="TRow">What a row is made of.</typeparam>
internal abstract class Table<TRow> : Table
{
    private readonly Lazy<IReadOnlyList<Column<Entry>>> columns;
    private readonly Lazy<ParquetSchema> schema;

    protected Table()
    {
        columns = new Lazy<IReadOnlyList<Column<Entry>>>(() => Describe(new ColumnList<Entry>()
            .Key("bundle", static entry => entry.Source.Bundle)
            .Text("rollout_id", static entry => entry.Source.Rollout.Graph.RolloutId)).All);
        schema = new Lazy<ParquetSchema>(() => new ParquetSchema(columns.Value.Select(static column => column.Field)));
    }

    public sealed override ParquetSchema Schema => schema.Value;

    public sealed override async Task<TableFile?> WriteAsync(TableSource source)
    {
        var rows = Rows(source).Select(row => new Entry(source, row)).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        using var file = new MemoryStream();
        var writer = await ParquetWriter.CreateAsync(Schema, file, ParquetForm.Options()).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            writer.CustomMetadata = ParquetForm.Footer;
            for (var start = 0; start < rows.Count; start += ParquetForm.RowsOfGroup)
            {
                var part = rows.GetRange(start, Math.Min(ParquetForm.RowsOfGroup, rows.Count - start));
                using var group = writer.CreateRowGroup();
                foreach (var column in columns.Value)
                {
                    await column.WriteAsync(group, part).ConfigureAwait(false);
                }

                group.CompleteValidate();
            }
        }

        var content = await ParquetForm.FinishAsync(file).ConfigureAwait(false);
        return new TableFile { Table = Name, Rows = rows.Count, Content = content, Hash = ParquetForm.HashOf(content) };
    }

    /// <summary>Adds the table's own columns.</summary>
    protected abstract ColumnList<Entry> Describe(ColumnList<Entry> columns);

    /// <summary>The rows of a rollout, in an order that the state gives.</summary>
    protected abstract IEnumerable<TRow> Rows(TableSource source);

    /// <summary>A row, with the rollout that it is of.</summary>
    internal sealed record Entry(TableSource Source, TRow Row);
}
