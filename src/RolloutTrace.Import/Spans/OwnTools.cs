using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Writes calls of tools, what they did to agents, and code cells.</summary>
internal sealed class OwnTools(ImportedBundle bundle, IReadOnlyDictionary<string, OwnSpan> spans, OwnThreads threads)
{
    private readonly Dictionary<OwnSpan, (string ThreadId, string Kind)> touched = Touched(spans);
    private readonly HashSet<string> callIds = new(StringComparer.Ordinal);

    /// <summary>The message that a call has for another agent; null if it has none.</summary>
    public static string? MessageOf(OwnSpan tool) =>
        tool.Json(RolloutAttributes.GenAI.ToolCallArguments, JsonValueKind.Object) is { } arguments ? JsonText.MemberOrNull(arguments, "message") : null;

    /// <summary>A span starts or ends.</summary>
    public void Take(OwnSpan span, in RolloutEventContext context, bool isEnd)
    {
        if (span.Text(RolloutAttributes.CodeCell.Id) is { } cell && span.Text(RolloutAttributes.Tool.Id) is null)
        {
            Cell(span, context, isEnd, cell);
        }
        else if (span.Text(RolloutAttributes.Tool.Id) is { } id && span.Text(RolloutAttributes.GenAI.OperationName) == "execute_tool")
        {
            if (isEnd)
            {
                End(span, context, id);
            }
            else
            {
                Start(span, context, id);
            }
        }
    }

    // Whom a tool worked on is told by those.
    private static Dictionary<OwnSpan, (string, string)> Touched(IReadOnlyDictionary<string, OwnSpan> spans)
    {
        var touched = new Dictionary<OwnSpan, (string, string)>();
        foreach (var span in spans.Values.Where(static span => span.ThreadId is not null))
        {
            foreach (var (link, kind) in new[] { ("spawn_agent", "started"), ("send_message", "interacted"), ("assign_agent_task", "interacted"), ("close_agent", "interrupted") })
            {
                foreach (var tool in span.Linked(link).Select(spans.GetValueOrDefault).OfType<OwnSpan>())
                {
                    touched.TryAdd(tool, (span.ThreadId!, kind));
                }
            }
        }

        return touched;
    }

    private void Start(OwnSpan span, in RolloutEventContext context, string id)
    {
        var callId = span.Text(RolloutAttributes.GenAI.ToolCallId);
        var name = span.Text(RolloutAttributes.GenAI.ToolName) ?? "unknown";
        var arguments = span.Text(RolloutAttributes.GenAI.ToolCallArguments);
        var text = span.Json(RolloutAttributes.GenAI.ToolCallArguments, JsonValueKind.String) is { } quoted ? ToolUse.TextOf(quoted) : null;
        var use = new ToolUse
        {
            CallId = callId ?? id,
            Name = name,
            Input = text is not null ? ToolInput.Custom(text) : arguments is not null ? ToolInput.Function(JsonPayload.OfText(arguments)) : default,
            Time = 0,
        };
        var invocation = use.Invocation(out var fits);
        var visible = callId is not null && callIds.Add(callId) ? callId : null;
        RawEventPayload Started(PayloadReference? reference) => new ToolCallStartedEvent
        {
            ToolCallId = id,
            ModelVisibleCallId = visible,
            Requester = ToolRequester.Model,
            Kind = KindOf(span) ?? use.Kind,
            Summary = use.Summary,
            InvocationPayload = reference,
        };
        if (invocation.IsEmpty || !fits)
        {
            bundle.Record(context, Started(reference: null));
        }
        else
        {
            bundle.Record(context, PayloadKind.ToolInvocation, invocation, state: 0, (_, reference) => Started(reference));
        }
    }

    // The span says the kind also where the tool's name does not tell it; those that need more than a word are told by the name.
    private static ToolCallKind? KindOf(OwnSpan span) =>
        span.Text(RolloutAttributes.Tool.Kind) is { } word
        && Enum.TryParse<ToolCallKindType>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var type)
        && type is not (ToolCallKindType.Other or ToolCallKindType.Mcp) ? ToolCallKind.Of(type) : null;

    private void End(OwnSpan span, in RolloutEventContext context, string id)
    {
        if (touched.TryGetValue(span, out var agent) && Guid.TryParse(agent.ThreadId, out _) && OnAgent(span, agent, id, context.WallTimeUnixMs ?? 0) is { } done)
        {
            bundle.Record(context, PayloadKind.ToolRuntimeEvent, done, id, static (id, reference) =>
                new ToolCallRuntimeEndedEvent { ToolCallId = id, Status = ExecutionStatus.Completed, RuntimePayload = reference });
        }

        var result = span.Text(RolloutAttributes.GenAI.ToolCallResult);
        if (result is null)
        {
            bundle.Record(context, new ToolCallEndedEvent { ToolCallId = id, Status = span.Status, ResultPayload = null });
            return;
        }

        var item = JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "direct_response");
            json.WriteStartObject("response_item");
            json.WriteString("type", "function_call_output");
            json.WriteString("call_id", span.Text(RolloutAttributes.GenAI.ToolCallId) ?? id);
            json.WriteString("output", span.Json(RolloutAttributes.GenAI.ToolCallResult, JsonValueKind.String) is { } quoted ? ToolUse.TextOf(quoted) : result);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        bundle.Record(context, PayloadKind.ToolResult, item, (id, span.Status), static (s, reference) =>
            new ToolCallEndedEvent { ToolCallId = s.id, Status = s.Status, ResultPayload = reference });
    }

    // Where the message is not in the arguments, the older form has room for it, and for none.
    private JsonPayload? OnAgent(OwnSpan span, (string ThreadId, string Kind) agent, string id, long time) => (agent.Kind, MessageOf(span)) switch
    {
        ("interrupted", _) or (_, not null) => JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteString("event_id", DerivedId.Of(id, agent.Kind));
            json.WriteNumber("occurred_at_ms", time);
            json.WriteString("agent_thread_id", agent.ThreadId);
            json.WriteString("agent_path", threads.PathOf(agent.ThreadId));
            json.WriteString("kind", agent.Kind);
            json.WriteEndObject();
        }),
        ("started", null) when span.Text(RolloutAttributes.Tool.Kind) == "spawn_agent" => JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteString("call_id", span.Text(RolloutAttributes.GenAI.ToolCallId) ?? id);
            json.WriteString("sender_thread_id", span.ThreadId);
            json.WriteString("new_thread_id", agent.ThreadId);
            json.WriteString("prompt", "");
            json.WriteString("model", "");
            json.WriteString("reasoning_effort", "");
            json.WriteString("status", "running");
            json.WriteEndObject();
        }),
        // An untyped null would be the empty document that a null array converts to.
        _ => (JsonPayload?)null,
    };

    private void Cell(OwnSpan span, in RolloutEventContext context, bool isEnd, string id)
    {
        var handle = span.Text(RolloutAttributes.CodeCell.RuntimeId) ?? id;
        if (!isEnd)
        {
            var source = span.Json(RolloutAttributes.GenAI.ToolCallArguments, JsonValueKind.String) is { } quoted ? ToolUse.TextOf(quoted) : span.Text(RolloutAttributes.GenAI.ToolCallArguments) ?? "";
            bundle.Record(context, new CodeCellStartedEvent { RuntimeCellId = handle, ModelVisibleCallId = span.Text(RolloutAttributes.GenAI.ToolCallId) ?? id, SourceJs = source });
        }
        else
        {
            var status = span.Status switch { ExecutionStatus.Completed => CodeCellRuntimeStatus.Completed, ExecutionStatus.Failed => CodeCellRuntimeStatus.Failed, _ => CodeCellRuntimeStatus.Terminated };
            bundle.Record(context, new CodeCellEndedEvent { RuntimeCellId = handle, Status = status, ResponsePayload = null });
        }
    }
}
