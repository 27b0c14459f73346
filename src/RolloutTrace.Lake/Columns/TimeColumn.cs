using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake.Columns;

/// <summary>A column of times, in microseconds of UTC. What is no time between the years 1 and 9999 is null.</summary>
internal sealed class TimeColumn<TRow>(string name, Func<TRow, long?> unixMs)
    : Column<TRow>(new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true))
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows) =>
        group.WriteAsync<DateTime>(Field, rows.Select(row => TimeOf(unixMs(row))).ToArray().AsMemory());

    private static DateTime? TimeOf(long? milliseconds) =>
        milliseconds is { } known && known >= First && known <= Last ? DateTimeOffset.FromUnixTimeMilliseconds(known).UtcDateTime : null;
}
