using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a turn.</summary>
internal sealed class TurnsTable : Table<CodexTurn>
{
    public override string Name => "turns";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("turn_id", static entry => entry.Row.CodexTurnId)
        .Text("thread_id", static entry => entry.Row.ThreadId)
        .Window(static entry => entry.Row.Execution);

    protected override IEnumerable<CodexTurn> Rows(TableSource source) => source.Rollout.Graph.CodexTurns.Values;
}
