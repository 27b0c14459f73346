using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake.Columns;

/// <summary>A column of whole numbers of 64 bits.</summary>
internal sealed class NumberColumn<TRow>(string name, Func<TRow, long?> value, bool isKey) : Column<TRow>(isKey ? new DataField<long>(name) : new DataField<long?>(name))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows) => isKey
        ? group.WriteAsync<long>(Field, rows.Select(row => value(row)!.Value).ToArray().AsMemory())
        : group.WriteAsync<long>(Field, rows.Select(value).ToArray().AsMemory());
}
