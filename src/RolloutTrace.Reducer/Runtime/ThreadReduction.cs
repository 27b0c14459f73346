using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>The rollout itself and its threads.</summary>
internal sealed class ThreadReduction(ReplayState state, Conversations conversations, PayloadReader payloads)
{
    public void Start(RolloutStartedEvent e)
    {
        state.TraceId.Value = e.TraceId;
        state.RootThreadId.Value = e.RootThreadId;
    }

    public void End(RawEvent raw, RolloutEndedEvent e)
    {
        state.Status.Value = e.Status;
        state.EndedAtUnixMs.Value = raw.WallTimeUnixMs;
    }

    public void Start(RawEvent raw, ThreadStartedEvent e)
    {
        if (state.Threads.Contains(e.ThreadId))
        {
            throw ReductionFault.Contradiction($"thread {e.ThreadId} has started already");
        }

        var thread = new AgentThread
        {
            ThreadId = e.ThreadId,
            AgentPath = e.AgentPath,
            Origin = new RootOrigin(),
            Execution = ExecutionWindow.StartedBy(raw),
            Otel = raw.Otel?.Reference,
        };
        state.Threads.Set(e.ThreadId, e.MetadataPayload is null ? thread : WithMetadata(thread, e.MetadataPayload));
    }

    public void End(RawEvent raw, ThreadEndedEvent e)
    {
        var thread = state.Threads.Find(e.ThreadId)
            ?? throw ReductionFault.Contradiction($"the end of thread {e.ThreadId} names no known thread");
        state.Threads.Set(e.ThreadId, thread with
        {
            Execution = thread.Execution.EndedBy(raw, e.Status switch
            {
                RolloutStatus.Running => ExecutionStatus.Running,
                RolloutStatus.Completed => ExecutionStatus.Completed,
                RolloutStatus.Failed => ExecutionStatus.Failed,
                _ => ExecutionStatus.Aborted,
            }),
        });
        conversations.Of(e.ThreadId).Repeated.Forget();
    }

    private AgentThread WithMetadata(AgentThread thread, PayloadReference reference)
    {
        using var metadata = payloads.Open(reference);
        var root = metadata.Content.Root;
        thread = thread with
        {
            DefaultModel = PayloadDocument.TextOrNull(root, "model"),
            Nickname = PayloadDocument.TextOrNull(root, "nickname"),
            AgentPath = PayloadDocument.TextOrNull(root, "agent_path") ?? thread.AgentPath,
        };

        var source = PayloadDocument.Member(PayloadDocument.Member(root, "session_source"), "subagent");
        var spawn = PayloadDocument.Member(source, "thread_spawn");
        if (PayloadDocument.TextOrNull(spawn, "parent_thread_id") is not { } parent)
        {
            return thread;
        }

        var path = PayloadDocument.TextOrNull(spawn, "agent_path") ?? thread.AgentPath;
        return thread with
        {
            AgentPath = path,
            Origin = new SpawnedOrigin
            {
                ParentThreadId = parent,
                SpawnEdgeId = ObjectIds.SpawnEdge(parent, thread.ThreadId),
                TaskName = PayloadDocument.TextOrNull(spawn, "task_name") ?? PayloadDocument.TextOrNull(root, "task_name") ?? LastSegment(path),
                AgentRole = PayloadDocument.TextOrNull(spawn, "agent_role") ?? PayloadDocument.TextOrNull(root, "agent_role") ?? "",
            },
        };
    }

    private static string LastSegment(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 0 ? path : segments[^1];
    }
}
