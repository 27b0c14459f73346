using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row a tool call.</summary>
internal sealed class ToolCallsTable : Table<ToolCallRow>
{
    public override string Name => "tool_calls";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("tool_call_id", static entry => entry.Row.Call.ToolCallId)
        .Text("thread_id", static entry => entry.Row.Call.ThreadId)
        .Text("turn_id", static entry => entry.Row.Call.StartedByCodexTurnId)
        .Text("request_id", static entry => entry.Row.RequestId)
        .Text("call_id", static entry => entry.Row.Call.ModelVisibleCallId)
        .Text("requester", static entry => entry.Row.Call.Requester is RequestedByCodeCell ? "code_cell" : "model")
        .Text("kind", static entry => WireName.Of(entry.Row.Call.Kind.Type))
        .Text("name", static entry => entry.Row.Name)
        .Window(static entry => entry.Row.Call.Execution)
        .Number("exit_code", static entry => entry.Row.ExitCode)
        .Text("error", static entry => entry.Row.Error);

    protected override IEnumerable<ToolCallRow> Rows(TableSource source)
    {
        var requests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var request in source.Rollout.Graph.InferenceCalls.Values.OrderBy(static request => request.Execution.StartedSeq))
        {
            foreach (var id in request.ToolCallIdsStartedByResponse)
            {
                requests.TryAdd(id, request.InferenceCallId);
            }
        }

        return source.Rollout.Graph.ToolCalls.Values.Select(call => ToolCallRow.Of(source.Rollout, call, requests.GetValueOrDefault(call.ToolCallId)));
    }
}
