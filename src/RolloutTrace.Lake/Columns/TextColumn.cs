using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake.Columns;

/// <summary>A column of texts.</summary>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> value, bool isKey) : Column<TRow>(new DataField<string>(name, nullable: !isKey))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows) =>
        group.WriteAsync(Field, (IReadOnlyCollection<string>)rows.Select(value).ToArray()!);
}
