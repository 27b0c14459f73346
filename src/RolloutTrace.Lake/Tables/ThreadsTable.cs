using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a thread of an agent.</summary>
internal sealed class ThreadsTable : Table<AgentThread>
{
    public override string Name => "threads";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("thread_id", static entry => entry.Row.ThreadId)
        .Text("agent_path", static entry => entry.Row.AgentPath)
        .Text("nickname", static entry => entry.Row.Nickname)
        .Text("origin", static entry => entry.Row.Origin is SpawnedOrigin ? "spawned" : "root")
        .Text("parent_thread_id", static entry => (entry.Row.Origin as SpawnedOrigin)?.ParentThreadId)
        .Text("agent_role", static entry => (entry.Row.Origin as SpawnedOrigin)?.AgentRole)
        .Text("task_name", static entry => (entry.Row.Origin as SpawnedOrigin)?.TaskName)
        .Text("default_model", static entry => entry.Row.DefaultModel)
        .Window(static entry => entry.Row.Execution)
        .Number("items", static entry => entry.Row.ConversationItemIds.Count);

    protected override IEnumerable<AgentThread> Rows(TableSource source) => source.Rollout.Graph.Threads.Values;
}
