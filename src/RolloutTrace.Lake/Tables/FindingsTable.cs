using RolloutTrace.Analysis;
using RolloutTrace.Lake.Columns;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a finding.</summary>
internal sealed class FindingsTable : Table<(long Number, RolloutAnomaly Finding)>
{
    public override string Name => "findings";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("number", static entry => entry.Row.Number)
        .Text("code", static entry => entry.Row.Finding.Code)
        .Text("subject", static entry => entry.Row.Finding.Subject)
        .Text("message", static entry => entry.Row.Finding.Message);

    protected override IEnumerable<(long Number, RolloutAnomaly Finding)> Rows(TableSource source) => source.Findings.Select(static (finding, i) => (i + 1L, finding));
}
