using System.Text.Json;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>threads</c> in the order of their starts, <c>processes</c> of a joined rollout, and <c>turns</c> in that of theirs.</summary>
internal static class ThreadsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("threads");
        foreach (var thread in scope.Threads)
        {
            json.WriteStartObject();
            json.WriteString("id", thread.ThreadId);
            json.WriteString("agent_path", thread.AgentPath);
            json.Text("nickname", thread.Nickname);
            json.Text("model", thread.DefaultModel);
            json.Number("process", scope.Processes.Of(thread.ThreadId));
            if (thread.Origin is SpawnedOrigin origin)
            {
                json.Number("parent", scope.ThreadOf(origin.ParentThreadId));
                json.Text("spawned_by", scope.Rollout.Index.SpawnerOf(thread)?.ToolCallId);
            }

            json.Runs("items", thread.ConversationItemIds.Where(id => !scope.Rollout.Index.IsRepetition(id)).Select(scope.ItemOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (scope.Processes.All.Count > 0)
        {
            WriteProcesses(json, scope.Processes.All);
        }

        json.WriteStartArray("turns");
        foreach (var turn in scope.Graph.CodexTurns.Values.OrderBy(static turn => turn.Execution.StartedSeq))
        {
            json.WriteStartObject();
            json.WriteString("id", turn.CodexTurnId);
            json.Number("thread", scope.ThreadOf(turn.ThreadId));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProcesses(Utf8JsonWriter json, IReadOnlyList<JoinedProcess> processes)
    {
        json.WriteStartArray("processes");
        foreach (var process in processes)
        {
            json.WriteStartObject();
            json.WriteString("name", process.Name);
            json.WriteString("rollout_id", process.RolloutId);
            json.WriteStartArray("recordings");
            foreach (var part in process.Parts)
            {
                json.WriteStartObject();
                json.WriteString("trace_id", part.TraceId);
                json.WriteNumber("shift_ms", part.ShiftMs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
