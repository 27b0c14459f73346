using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a compaction that was installed.</summary>
internal sealed class CompactionsTable : Table<RecordedCompaction>
{
    public override string Name => "compactions";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("compaction_id", static entry => entry.Row.CompactionId)
        .Text("thread_id", static entry => entry.Row.ThreadId)
        .Text("turn_id", static entry => entry.Row.CodexTurnId)
        .Time("installed_at", static entry => entry.Row.InstalledAtUnixMs)
        .Number("requests", static entry => entry.Row.RequestIds.Count)
        .Number("input_items", static entry => entry.Row.InputItemIds.Count)
        .Number("replacement_items", static entry => entry.Row.ReplacementItemIds.Count);

    protected override IEnumerable<RecordedCompaction> Rows(TableSource source) => source.Rollout.Graph.Compactions.Values;
}
