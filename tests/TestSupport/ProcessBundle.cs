using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.TestSupport;

/// <summary>The bundle of one process, written event by event with times of its own clock, in milliseconds after the clock's zero.</summary>
public sealed class ProcessBundle
{
    private readonly List<RawEvent> events = [];
    private readonly List<string> payloads = [];
    private readonly long zero;

    /// <param name="name">The rollout's id, and its root thread's.</param>
    /// <param name="zero">What the process's clock shows when another, which is right, shows zero.</param>
    /// <param name="caller">Who called it.</param>
    /// <param name="traceId">The recording's id; the name by default.</param>
    /// <param name="resumedFrom">The recording that it goes on from.</param>
    public ProcessBundle(string name, long zero = 0, CallerReference? caller = null, string? traceId = null, string? resumedFrom = null)
    {
        this.zero = zero + 1_770_000_000_000;
        Manifest = new BundleManifest
        {
            TraceId = traceId ?? $"recording-{name}",
            RolloutId = name,
            RootThreadId = name,
            StartedAtUnixMs = this.zero,
            Caller = caller,
            ResumedFrom = resumedFrom is null ? null : new ResumedRecording { TraceId = resumedFrom },
        };
    }

    public BundleManifest Manifest { get; set; }

    public string Name => Manifest.RolloutId;

    /// <summary>A span that is made of two letters.</summary>
    public static SpanReference Span(char trace, char span) => new() { TraceId = new string(trace, 32), SpanId = new string(span, 16) };

    public ProcessBundle Add(long at, RawEventPayload payload, string? thread = null, string? turn = null, SpanReference? span = null)
    {
        events.Add(new RawEvent
        {
            Seq = events.Count + 1,
            WallTimeUnixMs = zero + at,
            RolloutId = Name,
            ThreadId = payload is RolloutStartedEvent or RolloutEndedEvent ? null : thread ?? Name,
            CodexTurnId = turn,
            Payload = payload,
            Otel = span is null ? null : new EventSpan { TraceId = span.TraceId, SpanId = span.SpanId },
        });
        return this;
    }

    /// <summary>The rollout, its root thread and a turn start.</summary>
    public ProcessBundle Start(long at, string turn = "turn-1", string? nickname = null, CallerReference? turnCaller = null)
    {
        Add(at, new RolloutStartedEvent { TraceId = Manifest.TraceId, RootThreadId = Name });
        Thread(at, Name, "/root", $$"""{"thread_id":"{{Name}}","agent_path":"/root","task_name":null,"nickname":{{(nickname is null ? "null" : $"\"{nickname}\"")}},"agent_role":null,"session_source":"exec","cwd":"/","model":"gpt-5","provider_name":"openai","approval_policy":"never","sandbox_policy":null}""");
        return Turn(at, turn, turnCaller);
    }

    public ProcessBundle Thread(long at, string id, string path, string metadata) =>
        Add(at, new ThreadStartedEvent { ThreadId = id, AgentPath = path, MetadataPayload = Payload(PayloadKind.SessionMetadata, metadata) }, id);

    public ProcessBundle Turn(long at, string turn = "turn-1", CallerReference? caller = null) =>
        Add(at, new CodexTurnStartedEvent { CodexTurnId = turn, ThreadId = Name, Caller = caller }, turn: turn);

    /// <summary>A request, which is answered with a message or, if it begins with <c>call:</c>, with the call of that id.</summary>
    public ProcessBundle Request(long at, string id, string input, string answer, string turn = "turn-1", string? thread = null)
    {
        var request = Payload(PayloadKind.InferenceRequest, $$"""{"model":"gpt-5","input":{{input}}}""");
        Add(at, new InferenceStartedEvent { InferenceCallId = id, ThreadId = thread ?? Name, CodexTurnId = turn, Model = "gpt-5", ProviderName = "openai", RequestPayload = request }, thread, turn);
        var item = answer.StartsWith("call:", StringComparison.Ordinal)
            ? $$"""{"type":"function_call","call_id":"{{answer[5..]}}","name":"ask","arguments":"{}"}"""
            : $$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{answer}}"}]}""";
        var response = Payload(PayloadKind.InferenceResponse, $$"""{"response_id":"{{id}}","token_usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0},"output_items":[{{item}}]}""");
        return Add(at, new InferenceCompletedEvent { InferenceCallId = id, ResponseId = id, ResponsePayload = response }, thread, turn);
    }

    public ProcessBundle ToolStart(long at, string id, SpanReference? span = null, string turn = "turn-1", string? thread = null) => Add(
        at,
        new ToolCallStartedEvent
        {
            ToolCallId = id,
            ModelVisibleCallId = id,
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.ForOther("ask"),
            Summary = new GenericSummary { Label = "ask" },
            InvocationPayload = Payload(PayloadKind.ToolInvocation, """{"tool_name":"ask","payload":{"type":"function","arguments":"{}"}}"""),
        },
        thread,
        turn,
        span);

    public ProcessBundle ToolEnd(long at, string id, string output, string turn = "turn-1", string? thread = null) => Add(
        at,
        new ToolCallEndedEvent
        {
            ToolCallId = id,
            Status = ExecutionStatus.Completed,
            ResultPayload = Payload(PayloadKind.ToolResult, $$$"""{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"{{{id}}}","output":{{{JsonSerializer.Serialize(output)}}}}}"""),
        },
        thread,
        turn);

    public ProcessBundle End(long at, string turn = "turn-1")
    {
        Add(at, new CodexTurnEndedEvent { CodexTurnId = turn, Status = ExecutionStatus.Completed }, turn: turn);
        Add(at, new ThreadEndedEvent { ThreadId = Name, Status = RolloutStatus.Completed });
        return Add(at, new RolloutEndedEvent { Status = RolloutStatus.Completed });
    }

    public PayloadReference Payload(PayloadKind kind, string json)
    {
        payloads.Add(json);
        return PayloadReference.ForNumber(payloads.Count, kind);
    }

    /// <summary>It, in memory: nothing tells of many thousands on a disk but how fast that is.</summary>
    public MemoryFiles InMemory()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [BundleLayout.ManifestFileName] = Manifest.ToUtf8Json() };
        for (var i = 0; i < payloads.Count; i++)
        {
            files[PayloadReference.ForNumber(i + 1, PayloadKind.ProtocolEvent).Path] = System.Text.Encoding.UTF8.GetBytes(payloads[i]);
        }

        using var log = new MemoryStream();
        foreach (var e in events)
        {
            log.Write(e.ToUtf8Line());
            log.WriteByte((byte)'\n');
        }

        files[BundleLayout.EventLogFileName] = log.ToArray();
        return new MemoryFiles(Manifest.TraceId, files);
    }

    /// <summary>Writes it.</summary>
    public string Write(string root)
    {
        var directory = Path.Join(root, Manifest.TraceId);
        using var writer = BundleWriter.Create(directory, Manifest);
        for (var i = 0; i < payloads.Count; i++)
        {
            writer.WritePayload(i + 1, System.Text.Encoding.UTF8.GetBytes(payloads[i]));
        }

        events.ForEach(writer.Append);
        return directory;
    }
}
