using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake.Columns;

/// <summary>A column of a table: what it is called, and what each row has in it.</summary>
/// <typeparam name="TRow">What a row is made of.</typeparam>
internal abstract class Column<TRow>(DataField description)
{
    public DataField Field { get; } = description;

    /// <summary>Writes the column of some rows.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows);
}
