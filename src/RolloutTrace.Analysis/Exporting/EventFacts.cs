using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What spans need of the log beyond the state.</summary>
internal sealed class EventFacts
{
    // What a recorder writes where it knows no name.
    private const string Unknown = "unknown";

    private readonly PayloadLookup payloads;
    private readonly Dictionary<string, ToolCallKindType> toolKinds = new(StringComparer.Ordinal);

    private readonly Dictionary<string, RuntimeFact> runtimesBySpan = new(StringComparer.Ordinal);
    private readonly Dictionary<(string? ThreadId, string RuntimeCellId), string> cellIds = [];

    private EventFacts(PayloadLookup payloads) => this.payloads = payloads;

    /// <summary>The label that each tool call started with.</summary>
    public Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>How each tool call was carried out, in order.</summary>
    public Dictionary<string, List<RuntimeFact>> Runtimes { get; } = new(StringComparer.Ordinal);

    /// <summary>Why a request was cancelled.</summary>
    public Dictionary<string, string> CancelReasons { get; } = new(StringComparer.Ordinal);

    /// <summary>What the events of each span say of it, by the span's id.</summary>
    public Dictionary<string, SpanFact> Spans { get; } = new(StringComparer.Ordinal);

    /// <summary>What the metadata of each session say.</summary>
    public Dictionary<string, ThreadFact> Threads { get; } = new(StringComparer.Ordinal);

    /// <summary>What calls were dispatched with whose input the format has no place for, by the call's span.</summary>
    public Dictionary<string, PayloadReference> Invocations { get; } = new(StringComparer.Ordinal);

    /// <summary>The last answer of each code cell.</summary>
    public Dictionary<string, PayloadReference> CellAnswers { get; } = new(StringComparer.Ordinal);

    /// <summary>The place of each installed compaction in the causal order.</summary>
    public Dictionary<string, long> InstalledSeqs { get; } = new(StringComparer.Ordinal);

    /// <summary>What agents did to one another, in causal order; only of what has spans.</summary>
    public List<DeliveryFact> Deliveries { get; } = [];

    /// <summary>Time of the last event.</summary>
    public long LastEventUnixMs { get; private set; }

    public static EventFacts Read(BundleReader bundle, PayloadLookup payloads)
    {
        var facts = new EventFacts(payloads) { LastEventUnixMs = bundle.Manifest.StartedAtUnixMs };
        foreach (var line in bundle.ReadEvents())
        {
            if (line.Event is { } e)
            {
                facts.Add(e);
            }
        }

        return facts;
    }

    /// <summary>A name, unless it only says that there is none.</summary>
    public static string? Known(string? name) => name is null or Unknown ? null : name;

    private void Add(RawEvent e)
    {
        LastEventUnixMs = e.WallTimeUnixMs;
        var span = SpanOf(e.Otel);
        switch (e.Payload)
        {
            case ThreadStartedEvent thread:
                if (payloads.Document(thread.MetadataPayload, ThreadOf) is { } metadata)
                {
                    Threads.TryAdd(thread.ThreadId, metadata);
                }

                break;
            case ToolCallStartedEvent tool:
                toolKinds.TryAdd(tool.ToolCallId, tool.Kind.Type);
                if (tool.Summary is GenericSummary summary)
                {
                    Labels.TryAdd(tool.ToolCallId, summary.Label);
                }

                break;
            case ToolCallRuntimeStartedEvent started:
                Start(started.ToolCallId, e, started.RuntimePayload);
                break;
            case ToolCallRuntimeEndedEvent ended:
                End(ended.ToolCallId, e, ended.RuntimePayload, ended.Status);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.ToolCallRuntimeStarted or Breadcrumbs.ToolCallRuntimeEnded } breadcrumb when e.Otel is not null:
                AddBreadcrumb(breadcrumb, e);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.ToolInvocation } breadcrumb when e.Otel is not null:
                Invocations.TryAdd(e.Otel.SpanId, breadcrumb.EventPayload);
                break;
            case InferenceCompletedEvent:
                span?.End(e, ExecutionStatus.Completed);
                break;
            case InferenceFailedEvent:
                span?.End(e, ExecutionStatus.Failed);
                break;
            case InferenceCancelledEvent cancelled:
                CancelReasons.TryAdd(cancelled.InferenceCallId, cancelled.Reason);
                span?.End(e, ExecutionStatus.Cancelled);
                break;
            case CodeCellStartedEvent cell:
                cellIds.TryAdd((e.ThreadId, cell.RuntimeCellId), ObjectIds.CodeCell(cell.ModelVisibleCallId));
                break;
            case CodeCellEndedEvent cell:
                if (cell.ResponsePayload is not null && cellIds.TryGetValue((e.ThreadId, cell.RuntimeCellId), out var cellId))
                {
                    CellAnswers.TryAdd(cellId, cell.ResponsePayload);
                }

                span?.End(e, cell.Status switch
                {
                    CodeCellRuntimeStatus.Completed => ExecutionStatus.Completed,
                    CodeCellRuntimeStatus.Failed => ExecutionStatus.Failed,
                    CodeCellRuntimeStatus.Terminated => ExecutionStatus.Cancelled,
                    _ => ExecutionStatus.Running,
                });
                break;
            case CompactionInstalledEvent installed:
                InstalledSeqs.TryAdd(installed.CompactionId, e.Seq);
                break;
            case AgentResultObservedEvent result when e.Otel is not null:
                Deliveries.Add(new DeliveryFact
                {
                    Seq = e.Seq,
                    Kind = InteractionEdgeKind.AgentResult,
                    ThreadId = result.ParentThreadId,
                    SourceId = result.ChildCodexTurnId,
                    EdgeId = result.EdgeId,
                });
                break;
        }
    }

    private static ThreadFact ThreadOf(JsonElement metadata) => new()
    {
        ProviderName = Known(JsonText.MemberOrNull(metadata, "provider_name")),
        Model = Known(JsonText.MemberOrNull(metadata, "model")),
        AgentRole = JsonText.MemberOrNull(metadata, "agent_role"),
    };

    private SpanFact? SpanOf(EventSpan? otel)
    {
        if (otel is null)
        {
            return null;
        }

        if (!Spans.TryGetValue(otel.SpanId, out var span))
        {
            Spans.Add(otel.SpanId, span = new SpanFact());
        }

        span.ParentSpanId ??= otel.ParentSpanId;
        span.Attributes = otel.Attributes ?? span.Attributes;
        return span;
    }

    private void AddBreadcrumb(ProtocolEventObservedEvent breadcrumb, RawEvent e)
    {
        // How input ended does not always tell of what it was the end; the span does.
        if (breadcrumb.EventType == Breadcrumbs.ToolCallRuntimeEnded && runtimesBySpan.TryGetValue(e.Otel!.SpanId, out var runtime))
        {
            runtime.EndAt(e, breadcrumb.EventPayload, ExecutionStatus.Completed);
            return;
        }

        // An agent tool names itself by another member than the others.
        var id = payloads.Document(breadcrumb.EventPayload, static payload =>
            JsonText.MemberOrNull(payload, "call_id") ?? JsonText.MemberOrNull(payload, "event_id"));
        if (id is null)
        {
            return;
        }

        if (breadcrumb.EventType == Breadcrumbs.ToolCallRuntimeStarted)
        {
            Start(id, e, breadcrumb.EventPayload);
        }
        else
        {
            End(id, e, breadcrumb.EventPayload, ExecutionStatus.Completed);
        }
    }

    private void Start(string toolCallId, RawEvent e, PayloadReference payload)
    {
        if (!Runtimes.TryGetValue(toolCallId, out var runtimes))
        {
            Runtimes.Add(toolCallId, runtimes = []);
        }

        var fact = new RuntimeFact { StartedAtUnixMs = e.WallTimeUnixMs, Begin = payload, Span = e.Otel?.Reference };
        runtimes.Add(fact);
        if (e.Otel is not null)
        {
            runtimesBySpan.TryAdd(e.Otel.SpanId, fact);
        }
    }

    private void End(string toolCallId, RawEvent e, PayloadReference payload, ExecutionStatus status)
    {
        if (Runtimes.TryGetValue(toolCallId, out var runtimes)
            && runtimes.Find(fact => fact.EndedAtUnixMs is null && (e.Otel is null || fact.Span is null || fact.Span.SpanId == e.Otel.SpanId)) is { } fact)
        {
            fact.EndAt(e, payload, status);
        }
        else if (e.Otel is not null && payloads.Document(payload, InteractionOf) is { } found)
        {
            var kind = found.Kind ?? (toolKinds.GetValueOrDefault(toolCallId) == ToolCallKindType.AssignAgentTask ? InteractionEdgeKind.AssignAgentTask : InteractionEdgeKind.SendMessage);
            Deliveries.Add(new DeliveryFact { Seq = e.Seq, Kind = kind, ThreadId = found.ThreadId, SourceId = toolCallId });
        }
    }

    // Both forms in which a tool tells what it did to an agent.
    private static Interaction? InteractionOf(JsonElement payload)
    {
        if (JsonText.MemberOrNull(payload, "agent_thread_id") is { } agent)
        {
            return JsonText.MemberOrNull(payload, "kind") switch
            {
                "started" => new Interaction(agent, InteractionEdgeKind.SpawnAgent),
                "interrupted" => new Interaction(agent, InteractionEdgeKind.CloseAgent),
                "interacted" => new Interaction(agent, null),
                _ => null,
            };
        }

        return JsonText.MemberOrNull(payload, "new_thread_id") is { } child ? new Interaction(child, InteractionEdgeKind.SpawnAgent)
            : JsonText.MemberOrNull(payload, "receiver_thread_id") is { } receiver ? new Interaction(receiver, null)
            : null;
    }

    private sealed record Interaction(string ThreadId, InteractionEdgeKind? Kind);
}
