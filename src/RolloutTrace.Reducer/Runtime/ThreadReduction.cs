using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Agents;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>The rollout itself and its threads.</summary>
internal sealed class ThreadReduction(
    ReplayState state,
    Conversations conversations,
    PayloadReader payloads,
    Tolerance tolerance,
    EventPlaces places,
    AgentEdges edges)
{
    private static readonly string[] Texts = ["model", "nickname", "agent_path", "task_name", "agent_role"];
    private static readonly string[] SpawnTexts = ["agent_path", "task_name", "agent_role"];

    // The thread that was the first to have a path.
    private readonly JournaledTable<string, string> threadByPath = new(state.Journal, StringComparer.Ordinal);

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
        var thread = new AgentThread
        {
            ThreadId = e.ThreadId,
            AgentPath = e.AgentPath,
            Origin = new RootOrigin(),
            Execution = ExecutionWindow.StartedBy(raw),
            Otel = raw.Otel?.Reference,
        };
        var known = state.Threads.Find(e.ThreadId);
        if (known is not null)
        {
            thread = Again(thread, known);
        }

        if (e.MetadataPayload is not null)
        {
            using var metadata = payloads.OpenOrNote(e.MetadataPayload);
            thread = metadata is not null ? WithMetadata(raw, thread, metadata.Content) : known is null ? BelowItsPath(thread) : thread;
        }

        state.Threads.Set(e.ThreadId, thread);
        if (!threadByPath.Contains(thread.AgentPath))
        {
            threadByPath.Set(thread.AgentPath, thread.ThreadId);
        }
    }

    public void End(RawEvent raw, ThreadEndedEvent e)
    {
        var thread = places.Thread(raw, e.ThreadId, $"the end of thread {e.ThreadId}");
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
        conversations.Of(e.ThreadId).ForgetRequests();
    }

    // A thread that exists goes on. One that exists only because something named it is now known for what it is.
    private AgentThread Again(AgentThread thread, AgentThread known)
    {
        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Information,
            Code = DiagnosticCodes.Contradiction,
            FaultCode = DiagnosticCodes.Contradiction,
            What = $"thread {thread.ThreadId} has started already",
            Kept = "it goes on",
            Cause = $"thread {thread.ThreadId}",
        });
        var isGuess = state.GuessedThreads.Contains(thread.ThreadId);
        state.GuessedThreads.Remove(thread.ThreadId);
        return known with
        {
            AgentPath = isGuess ? thread.AgentPath : known.AgentPath,
            Otel = known.Otel ?? thread.Otel,
            Execution = known.Execution with { EndedAtUnixMs = null, EndedSeq = null, Status = ExecutionStatus.Running },
        };
    }

    // All that is left of who spawned it is its path.
    private AgentThread BelowItsPath(AgentThread thread)
    {
        var end = thread.AgentPath.LastIndexOf('/');
        return (end > 0 ? threadByPath.Find(thread.AgentPath[..end]) : null) is not { } parent
            ? thread
            : thread with
            {
                Origin = new SpawnedOrigin
                {
                    ParentThreadId = parent,
                    SpawnEdgeId = ObjectIds.SpawnEdge(parent, thread.ThreadId),
                    TaskName = LastSegment(thread.AgentPath),
                    AgentRole = "",
                },
            };
    }

    private AgentThread WithMetadata(RawEvent raw, AgentThread thread, PayloadDocument metadata)
    {
        var root = metadata.Root;
        var source = PayloadDocument.Member(PayloadDocument.Member(root, "session_source"), "subagent");
        var spawn = PayloadDocument.Member(source, "thread_spawn");
        CheckTexts(metadata, root, Texts);
        thread = thread with
        {
            DefaultModel = PayloadDocument.TextOrNull(root, "model") ?? thread.DefaultModel,
            Nickname = PayloadDocument.TextOrNull(root, "nickname") ?? thread.Nickname,
            AgentPath = PayloadDocument.TextOrNull(root, "agent_path") ?? thread.AgentPath,
        };
        if (PayloadDocument.TextOrNull(root, "own_agent_path") is { } ownPath)
        {
            state.OwnPaths.Set(thread.ThreadId, ownPath);
        }

        if (PayloadDocument.TextOrNull(spawn, "parent_thread_id") is not { } parent)
        {
            return thread;
        }

        CheckTexts(metadata, spawn, SpawnTexts);
        var path = PayloadDocument.TextOrNull(spawn, "agent_path") ?? thread.AgentPath;
        if (PayloadDocument.TextOrNull(spawn, "tool_call_id") is { } toolCallId)
        {
            edges.SpawnedBy(raw, toolCallId, parent, thread.ThreadId);
        }

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

    // Null is as good as absent.
    private void CheckTexts(PayloadDocument metadata, JsonElement parent, string[] members)
    {
        foreach (var member in members)
        {
            if (PayloadDocument.Member(parent, member).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String))
            {
                tolerance.Accept(new Defect
                {
                    Severity = DiagnosticSeverity.Warning,
                    Code = DiagnosticCodes.ItemUnsound,
                    What = $"{metadata.Name} has a '{member}' that is no string",
                    Kept = "the thread is kept without it",
                });
            }
        }
    }

    private static string LastSegment(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 0 ? path : segments[^1];
    }
}
