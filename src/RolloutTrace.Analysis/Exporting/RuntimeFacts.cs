using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>How tool calls were carried out, and what agents did to one another, from the events of runtimes and their payloads.</summary>
internal sealed class RuntimeFacts
{
    private readonly RolloutGraph graph;
    private readonly PayloadLookup payloads;
    private readonly Dictionary<string, List<RuntimeFact>> runtimes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuntimeFact> runtimesBySpan = new(StringComparer.Ordinal);
    private readonly List<DeliveryFact> deliveries = [];

    public RuntimeFacts(RolloutGraph graph, RolloutFacts facts, PayloadLookup payloads)
    {
        this.graph = graph;
        this.payloads = payloads;
        foreach (var e in facts.RuntimeEvents)
        {
            Add(e);
        }
    }

    /// <summary>What agents did to one another, in causal order; only of what has spans.</summary>
    public IReadOnlyList<DeliveryFact> Deliveries => deliveries;

    /// <summary>How a tool call was carried out, in order.</summary>
    public List<RuntimeFact> RuntimesOf(string toolCallId) => runtimes.GetValueOrDefault(toolCallId) ?? [];

    private void Add(RawEvent e)
    {
        switch (e.Payload)
        {
            case ToolCallRuntimeStartedEvent started:
                Start(started.ToolCallId, e, started.RuntimePayload);
                break;
            case ToolCallRuntimeEndedEvent ended:
                End(ended.ToolCallId, e, ended.RuntimePayload, ended.Status);
                break;
            case ProtocolEventObservedEvent breadcrumb when e.Otel is not null:
                AddBreadcrumb(breadcrumb, e);
                break;
            case AgentResultObservedEvent result when e.Otel is not null:
                deliveries.Add(new DeliveryFact
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
        if (!runtimes.TryGetValue(toolCallId, out var ofCall))
        {
            runtimes.Add(toolCallId, ofCall = []);
        }

        var fact = new RuntimeFact { Start = new SpanMoment(e.WallTimeUnixMs, e.Seq), Begin = payload, Span = e.Otel?.Reference };
        ofCall.Add(fact);
        if (e.Otel is not null)
        {
            runtimesBySpan.TryAdd(e.Otel.SpanId, fact);
        }
    }

    private void End(string toolCallId, RawEvent e, PayloadReference payload, ExecutionStatus status)
    {
        if (runtimes.TryGetValue(toolCallId, out var ofCall)
            && ofCall.Find(fact => fact.Ended is null && (e.Otel is null || fact.Span is null || fact.Span.SpanId == e.Otel.SpanId)) is { } fact)
        {
            fact.EndAt(e, payload, status);
        }
        else if (e.Otel is not null && payloads.Document(payload, InteractionOf) is { } found)
        {
            var kind = found.Kind ?? (graph.ToolCalls.GetValueOrDefault(toolCallId)?.Kind.Type == ToolCallKindType.AssignAgentTask ? InteractionEdgeKind.AssignAgentTask : InteractionEdgeKind.SendMessage);
            deliveries.Add(new DeliveryFact { Seq = e.Seq, Kind = kind, ThreadId = found.ThreadId, SourceId = toolCallId });
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
                "interacted" => new Interaction(agent, NamedIn(payload)),
                _ => null,
            };
        }

        return JsonText.MemberOrNull(payload, "new_thread_id") is { } child ? new Interaction(child, InteractionEdgeKind.SpawnAgent)
            : JsonText.MemberOrNull(payload, "receiver_thread_id") is { } receiver ? new Interaction(receiver, NamedIn(payload))
            : null;
    }

    // Where the kind of the tool does not tell.
    private static InteractionEdgeKind? NamedIn(JsonElement payload) => JsonText.MemberOrNull(payload, "interaction") switch
    {
        RolloutLinkKinds.AssignAgentTask => InteractionEdgeKind.AssignAgentTask,
        RolloutLinkKinds.SendMessage => InteractionEdgeKind.SendMessage,
        _ => null,
    };

    private sealed record Interaction(string ThreadId, InteractionEdgeKind? Kind);
}
