using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Columns;

/// <summary>The columns of a table in their order.</summary>
internal sealed class ColumnList<TRow>
{
    private readonly List<Column<TRow>> columns = [];

    public IReadOnlyList<Column<TRow>> All => columns;

    /// <summary>The column that tells a bundle's rows apart.</summary>
    public ColumnList<TRow> Key(string name, Func<TRow, string> value) => Add(new TextColumn<TRow>(name, value, isKey: true));

    /// <inheritdoc cref="Key(string, Func{TRow, string})"/>
    public ColumnList<TRow> Key(string name, Func<TRow, long> value) => Add(new NumberColumn<TRow>(name, row => value(row), isKey: true));

    public ColumnList<TRow> Text(string name, Func<TRow, string?> value) => Add(new TextColumn<TRow>(name, value, isKey: false));

    public ColumnList<TRow> Number(string name, Func<TRow, long?> value) => Add(new NumberColumn<TRow>(name, value, isKey: false));

    public ColumnList<TRow> Time(string name, Func<TRow, long?> unixMs) => Add(new TimeColumn<TRow>(name, unixMs));

    /// <summary>From when to when something ran, and how it went.</summary>
    public ColumnList<TRow> Window(Func<TRow, ExecutionWindow> window) => this
        .Text("status", row => WireName.Of(window(row).Status))
        .Time("started_at", row => window(row).StartedAtUnixMs)
        .Time("ended_at", row => window(row).EndedAtUnixMs)
        .Number("duration_ms", row => Duration(window(row).StartedAtUnixMs, window(row).EndedAtUnixMs));

    /// <summary>How long something took; null unless it ended, and not before it started.</summary>
    public static long? Duration(long startedAtUnixMs, long? endedAtUnixMs) => endedAtUnixMs >= startedAtUnixMs ? endedAtUnixMs - startedAtUnixMs : null;

    private ColumnList<TRow> Add(Column<TRow> column)
    {
        columns.Add(column);
        return this;
    }
}
