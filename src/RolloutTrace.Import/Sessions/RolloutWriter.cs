using RolloutTrace.Bundle;
using RolloutTrace.Import.Writing;
using RolloutTrace.Payloads;

namespace RolloutTrace.Import.Sessions;

/// <summary>Writes the rollout of a session: its threads, and ids that are taken once. Times may be those of the log; order is the caller's.</summary>
internal sealed class RolloutWriter(ImportedBundle bundle)
{
    private const string Unknown = "unknown";

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);

    public string RolloutId => bundle.Manifest.RolloutId;

    /// <summary>An id that no other object of the rollout has: the one that the log gives if it is free, else a derived one.</summary>
    /// <param name="given">The log's id; null if it has none.</param>
    /// <param name="words">What the object is told by, beside the rollout.</param>
    public string Take(string? given, params ReadOnlySpan<string> words)
    {
        if (!string.IsNullOrEmpty(given) && given.Length <= Arguments.EventText.MaxName && ids.Add(given))
        {
            return given;
        }

        var derived = DerivedId.Of([RolloutId, .. words]);
        for (var i = 2; !ids.Add(derived); i++)
        {
            derived = DerivedId.Of([RolloutId, .. words, $"{i}"]);
        }

        return derived;
    }

    /// <summary>Starts a thread; the first one is the root's, and starts the rollout.</summary>
    /// <param name="start">What is known of it.</param>
    /// <param name="recording">Where what it does goes first; null for the bundle.</param>
    public ThreadWriter Start(AgentStart start, IRolloutRecording? recording = null)
    {
        var target = recording ?? bundle;
        var path = start.Parent is { } parent ? PathBelow(parent, start) : AgentPaths.Root;
        var context = new RolloutEventContext(start.ThreadId, TurnId: null, Span: null) { WallTimeUnixMs = start.Time };
        if (start.Parent is null)
        {
            target.Record(context with { ThreadId = null }, new RolloutStartedEvent { TraceId = bundle.TraceId, RootThreadId = start.ThreadId });
        }

        target.Record(context, PayloadKind.SessionMetadata, MetadataOf(start, path), (start.ThreadId, path), static (s, reference) =>
            new ThreadStartedEvent { ThreadId = s.ThreadId, AgentPath = s.path, MetadataPayload = reference });
        return new ThreadWriter(this, target, start, path);
    }

    /// <summary>The rollout came to its end.</summary>
    public void End(long time) =>
        bundle.Record(new RolloutEventContext(ThreadId: null, TurnId: null, Span: null) { WallTimeUnixMs = time }, new RolloutEndedEvent { Status = RolloutStatus.Completed });

    private string PathBelow(ThreadWriter parent, AgentStart start)
    {
        if (start.AgentPath is { } given && AgentPaths.Of(given) == given && given != AgentPaths.Root && paths.Add(given))
        {
            return given;
        }

        var path = AgentPaths.Child(parent.AgentPath, start.Role ?? start.TaskName ?? start.Nickname);
        var free = path;
        for (var i = 2; !paths.Add(free); i++)
        {
            free = $"{path}_{i}";
        }

        return free;
    }

    private static JsonPayload MetadataOf(AgentStart start, string path) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        json.WriteString("thread_id", start.ThreadId);
        json.WriteString("agent_path", path);
        json.WriteString("task_name", start.TaskName);
        json.WriteString("agent_role", start.Role);
        if (start.Nickname is not null)
        {
            json.WriteString("nickname", start.Nickname);
        }

        json.WritePropertyName("session_source");
        WriteSource(json, start, path);
        json.WriteString("cwd", start.Cwd ?? "");
        json.WriteString("model", start.Model ?? Unknown);
        json.WriteString("provider_name", start.Provider ?? Unknown);
        json.WriteString("approval_policy", Unknown);
        json.WriteString("sandbox_policy", Unknown);
        json.WriteBoolean(ThreadWriter.Reconstructed, value: true);
        foreach (var (name, value) in start.Log)
        {
            json.WriteRaw(name, value);
        }

        json.WriteEndObject();
    });

    private static void WriteSource(System.Text.Json.Utf8JsonWriter json, AgentStart start, string path)
    {
        if (start.Parent is not { } parent)
        {
            json.WriteStringValue(start.Source ?? Unknown);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("subagent");
        json.WriteStartObject("thread_spawn");
        json.WriteString("parent_thread_id", parent.ThreadId);
        json.WriteNumber("depth", path.Count(static c => c == '/') - 1);
        json.WriteString("agent_path", path);
        json.WriteString("agent_role", start.Role);
        if (start.Nickname is not null)
        {
            json.WriteString("agent_nickname", start.Nickname);
        }

        if (start.TaskName is not null)
        {
            json.WriteString("task_name", start.TaskName);
        }

        if (start.ToolCallId is not null)
        {
            json.WriteString("tool_call_id", start.ToolCallId);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
