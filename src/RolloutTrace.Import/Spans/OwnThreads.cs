using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Spans;

/// <summary>Writes the threads of a rollout.</summary>
internal sealed class OwnThreads(ImportedBundle bundle, IReadOnlyDictionary<string, OwnSpan> spans)
{
    private const string Unknown = "unknown";

    private readonly HashSet<string> started = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> paths = spans.Values
        .Where(static span => span.ThreadId is not null && span.Text(RolloutAttributes.Agent.Path) is not null)
        .DistinctBy(static span => span.ThreadId, StringComparer.Ordinal)
        .ToDictionary(static span => span.ThreadId!, static span => span.Text(RolloutAttributes.Agent.Path)!, StringComparer.Ordinal);

    private bool hasBegun;

    /// <summary>The path of a thread's agent.</summary>
    public string PathOf(string threadId) => paths.GetValueOrDefault(threadId, "/root");

    /// <summary>A session's span starts or ends.</summary>
    public void Take(OwnSpan span, in RolloutEventContext context, bool isEnd)
    {
        var threadId = span.ThreadId!;
        var ofThread = context with { TurnId = null };
        if (!isEnd)
        {
            Start(threadId, ofThread, span);
            return;
        }

        var status = span.Status switch { ExecutionStatus.Failed => RolloutStatus.Failed, ExecutionStatus.Completed => RolloutStatus.Completed, _ => RolloutStatus.Aborted };
        bundle.Record(ofThread, new ThreadEndedEvent { ThreadId = threadId, Status = status });
        if (threadId == bundle.Manifest.RootThreadId)
        {
            bundle.Record(ofThread with { ThreadId = null }, new RolloutEndedEvent { Status = status });
        }
    }

    /// <summary>A thread is there, also if its session's span is not.</summary>
    public void Ensure(string threadId, in RolloutEventContext context) => Start(threadId, context with { TurnId = null, ForeignSpan = null }, session: null);

    private void Start(string threadId, in RolloutEventContext context, OwnSpan? session)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            bundle.Record(context with { ThreadId = null }, new RolloutStartedEvent { TraceId = bundle.TraceId, RootThreadId = bundle.Manifest.RootThreadId });
        }

        if (started.Add(threadId))
        {
            bundle.Record(context, PayloadKind.SessionMetadata, Metadata(threadId, session), (threadId, Path: PathOf(threadId)), static (s, reference) =>
                new ThreadStartedEvent { ThreadId = s.threadId, AgentPath = s.Path, MetadataPayload = reference });
        }
    }

    private JsonPayload Metadata(string threadId, OwnSpan? session) => JsonBuilder.Make(json =>
    {
        var ofThread = spans.Values.Where(span => span.ThreadId == threadId).OrderBy(static span => span.Span.Start).ToList();
        string First(string name) => ofThread.Select(span => span.Text(name)).FirstOrDefault(static text => text is not null) ?? Unknown;
        json.WriteStartObject();
        json.WriteString("thread_id", threadId);
        json.WriteString("agent_path", PathOf(threadId));
        json.WriteString("agent_role", session?.Text(RolloutAttributes.Agent.Role));
        json.WritePropertyName("session_source");
        WriteSource(json, threadId, session);
        json.WriteString("cwd", "");
        json.WriteString("model", First(RolloutAttributes.GenAI.RequestModel));
        json.WriteString("provider_name", First(RolloutAttributes.GenAI.ProviderName));
        json.WriteString("approval_policy", Unknown);
        json.WriteString("sandbox_policy", Unknown);
        json.WriteEndObject();
    });

    private void WriteSource(System.Text.Json.Utf8JsonWriter json, string threadId, OwnSpan? session)
    {
        if (session?.Text(RolloutAttributes.Thread.ParentId) is not { } parent)
        {
            json.WriteStringValue(Unknown);
            return;
        }

        var path = PathOf(threadId);
        json.WriteStartObject();
        json.WriteStartObject("subagent");
        json.WriteStartObject("thread_spawn");
        json.WriteString("parent_thread_id", parent);
        json.WriteNumber("depth", path.Count(static c => c == '/') - 1);
        json.WriteString("agent_path", path);
        json.WriteString("agent_role", session.Text(RolloutAttributes.Agent.Role));
        var spawner = session.Linked("spawn_agent").Select(spans.GetValueOrDefault).FirstOrDefault(static span => span is not null);
        if (spawner?.Text(RolloutAttributes.Tool.Id) is { } toolCallId)
        {
            json.WriteString("tool_call_id", toolCallId);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
