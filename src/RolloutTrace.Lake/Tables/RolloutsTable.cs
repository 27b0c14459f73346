using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a rollout.</summary>
internal sealed class RolloutsTable : Table<RolloutGraph>
{
    public override string Name => RolloutTables.Rollouts;

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Text("trace_id", static entry => entry.Row.TraceId)
        .Text("root_thread_id", static entry => entry.Row.RootThreadId)
        .Text("status", static entry => WireName.Of(entry.Row.Status))
        .Time("started_at", static entry => entry.Row.StartedAtUnixMs)
        .Time("ended_at", static entry => entry.Row.EndedAtUnixMs)
        .Number("duration_ms", static entry => ColumnList<Entry>.Duration(entry.Row.StartedAtUnixMs, entry.Row.EndedAtUnixMs))
        .Number("threads", static entry => entry.Row.Threads.Count)
        .Number("turns", static entry => entry.Row.CodexTurns.Count)
        .Number("requests", static entry => entry.Row.InferenceCalls.Count + entry.Row.CompactionRequests.Count)
        .Number("tool_calls", static entry => entry.Row.ToolCalls.Count)
        .Number("items", static entry => entry.Row.ConversationItems.Count)
        .Number("findings", static entry => entry.Source.Findings.Count);

    protected override IEnumerable<RolloutGraph> Rows(TableSource source) => [source.Rollout.Graph];
}
