using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a way that something went from one agent to another.</summary>
internal sealed class EdgesTable : Table<InteractionEdge>
{
    public override string Name => "edges";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("edge_id", static entry => entry.Row.EdgeId)
        .Text("kind", static entry => WireName.Of(entry.Row.Kind))
        .Text("source_type", static entry => End(entry.Row.Source).Type)
        .Text("source_id", static entry => End(entry.Row.Source).Id)
        .Text("target_type", static entry => End(entry.Row.Target).Type)
        .Text("target_id", static entry => End(entry.Row.Target).Id)
        .Time("started_at", static entry => entry.Row.StartedAtUnixMs)
        .Time("ended_at", static entry => entry.Row.EndedAtUnixMs);

    protected override IEnumerable<InteractionEdge> Rows(TableSource source) => source.Rollout.Graph.InteractionEdges.Values;

    private static (string Type, string Id) End(InteractionAnchor anchor) => anchor switch
    {
        ConversationItemAnchor item => ("conversation_item", item.ItemId),
        ToolCallAnchor tool => ("tool_call", tool.ToolCallId),
        ThreadAnchor thread => ("thread", thread.ThreadId),
        _ => throw new InvalidOperationException($"unknown end {anchor}"),
    };
}
