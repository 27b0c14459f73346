using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Records calls of tools, with the request whose response asked for each.</summary>
internal sealed class ToolRecorder(ThreadTable threads, Action<TurnState> ensureTurn)
{
    public void Start(SpanNode node)
    {
        if (node.HasStarted || node.In is not { } turn)
        {
            return;
        }

        var tool = node.Reading.Tool!;
        turn.Awaited ??= turn.Thread is null ? ThatWaits(node.Reading, tool) : null;
        ensureTurn(turn);
        node.HasStarted = true;
        var rollout = turn.Thread!.Rollout!;
        var asked = Asked(turn.Thread, node.Reading.Service, tool, out var isGuess);
        node.AskedBy = asked?.Request ?? OnlyAsker(turn, tool);
        node.CallId = asked?.Item.CallId ?? EventText.Id(tool.CallId);
        var visible = node.CallId is { } id && rollout.Rollout.CallIds.TryClaim(id) ? id : null;
        node.Id = visible ?? DerivedId.Of("tool_call", node.Key.TraceId, node.Key.SpanId);
        if (HandOffs.Is(asked?.Item.Name ?? tool.Name))
        {
            // Whom the work is handed to stands inside the agent's span, or beside it.
            turn.HandOff = node.Id;
            if (turn.Parent is { } outer && outer.Thread != turn.Thread)
            {
                outer.HandOff = node.Id;
            }
        }

        RecordStart(node, rollout.Rollout, visible);
        if (isGuess)
        {
            SayGuess(node, rollout.Rollout, tool, asked!.Item);
        }
    }

    /// <summary>
    /// Whether the call has to wait until it is known whose turn it is, and has been put aside for that: it was carried out before the turn
    /// has asked anything, and nobody is known to wait for it, or several are.
    /// </summary>
    public bool HasToWait(SpanNode node)
    {
        if (node is not { HasStarted: false, Turn: null, In: { Thread: null, Node.Role: SpanRole.Wrapper or SpanRole.Agent } turn })
        {
            return false;
        }

        if (node.IsPutAside)
        {
            return true;
        }

        var (span, tool) = (node.Reading, node.Reading.Tool!);
        if (tool.CallId is null || (ThatWaits(span, tool) is not null && !CallKeys.Of(span.Service, tool.CallId, tool.Name, tool.Arguments).Any(threads.Calls.AreSeveralWaiting)))
        {
            return false;
        }

        turn.Waiting.Add(node);
        node.IsPutAside = true;
        return true;
    }

    /// <summary>A span leaves the process below the call.</summary>
    public void Outgoing(SpanNode node, SpanReference span, DateTimeOffset time)
    {
        Start(node);
        node.In!.Thread!.Rollout!.Rollout.Record(
            SpanContext.Start(node.In, node.Reading, time),
            PayloadKind.ProtocolEvent,
            OutgoingSpan.Payload(node.Id, span),
            Breadcrumbs.Outgoing,
            static (type, reference) => new ProtocolEventObservedEvent { EventType = type, EventPayload = reference });
    }

    public void End(SpanNode node)
    {
        Start(node);
        var turn = node.In!;
        var tool = node.Reading.Tool!;
        var rollout = turn.Thread!.Rollout!;
        var context = SpanContext.CausedBy(SpanContext.End(turn, node.Reading), node.AskedBy);
        threads.Saw(turn.Thread, node.Reading.Span.End ?? node.Reading.Span.Start);
        rollout.LastSeen = turn.Thread.LastSeen;
        if (tool.Outcome.Status == ExecutionStatus.Cancelled)
        {
            // Unless a request follows, the turn ended here.
            turn.LastOutcome = tool.Outcome;
        }

        RecordMcp(node, rollout.Rollout);
        if (MappedPayloads.ToolResult(node.Reading, node.CallId) is { } result)
        {
            rollout.Rollout.Record(context, PayloadKind.ToolResult, result, (node.Id, tool.Outcome.Status), static (t, reference) =>
                new ToolCallEndedEvent { ToolCallId = t.Id, Status = t.Status, ResultPayload = reference });
        }
        else
        {
            rollout.Rollout.Record(context, new ToolCallEndedEvent { ToolCallId = node.Id, Status = tool.Outcome.Status });
        }
    }

    // What it was carried out by is known at its end, and has its times.
    private static void RecordMcp(SpanNode node, Rollout rollout)
    {
        var (span, tool) = (node.Reading.Span, node.Reading.Tool!);
        if ((node.McpCall ?? tool.Mcp(span)) is not { } mcp)
        {
            return;
        }

        var context = SpanContext.CausedBy(SpanContext.End(node.In!, node.Reading), node.AskedBy);
        var duration = (span.End ?? span.Start) - span.Start;
        rollout.Record(context, PayloadKind.ToolRuntimeEvent, mcp.Payload(node.Id, tool.Arguments), node.Id, static (id, reference) =>
            new ToolCallRuntimeStartedEvent { ToolCallId = id, RuntimePayload = reference });
        rollout.Record(context, new McpToolCallCorrelationAssignedEvent { ToolCallId = node.Id, McpCallId = mcp.CallId });
        rollout.Record(context, PayloadKind.ToolRuntimeEvent, mcp.Payload(node.Id, tool.Arguments, duration, tool.Result, tool.Outcome.Words ?? tool.Outcome.ErrorType), (node.Id, tool.Outcome.Status), static (t, reference) =>
            new ToolCallRuntimeEndedEvent { ToolCallId = t.Id, Status = t.Status, RuntimePayload = reference });
    }

    private static void RecordStart(SpanNode node, Rollout rollout, string? visible)
    {
        var tool = node.Reading.Tool!;
        var context = SpanContext.CausedBy(SpanContext.Start(node.In!, node.Reading), node.AskedBy);
        var kind = (tool.McpServer is { } server ? ToolCallKind.ForMcp(server, tool.Name) : ToolClassifier.Kind(tool.Name)).Bounded();
        var input = tool.Arguments is null ? default : ToolInput.Function(JsonPayload.OfJson(tool.Arguments)).WithText();
        var invocation = MappedPayloads.ToolInvocation(node.Reading);
        var fits = tool.Arguments is null ? kind.Type != ToolCallKindType.WriteStdin && tool.Name != "wait" : ToolInvocationShape.Fits(kind.Type, tool.Name, input);
        var summary = new GenericSummary { Label = EventText.Name(tool.Name), InputPreview = ToolClassifier.Preview(tool.Arguments) };
        var started = (node.Id, visible, kind, summary);
        if (fits)
        {
            rollout.Record(context, PayloadKind.ToolInvocation, invocation, started, static (t, reference) => Started(t.Id, t.visible, t.kind, t.summary, reference));
        }
        else
        {
            rollout.Record(context, Started(node.Id, visible, kind, summary, null));
            rollout.Record(context, PayloadKind.ProtocolEvent, invocation, 0, static (_, reference) =>
                new ProtocolEventObservedEvent { EventType = Breadcrumbs.ToolInvocation, EventPayload = reference });
        }
    }

    private static ToolCallStartedEvent Started(string id, string? visible, ToolCallKind kind, ToolCallSummary summary, PayloadReference? invocation) => new()
    {
        ToolCallId = id,
        ModelVisibleCallId = visible,
        Requester = ToolRequester.Model,
        Kind = kind,
        Summary = summary,
        InvocationPayload = invocation,
    };

    // By the id of the call; without one by the latest call of that tool with these arguments that nobody has carried out, or with others, as a program
    // may change them before.
    private OpenCall? Asked(KnownThread thread, string service, ToolReading tool, out bool isGuess)
    {
        isGuess = tool.CallId is null;
        var found = !isGuess ? Latest(thread, call => call.CallId == tool.CallId)
            : Latest(thread, call => IsOfTool(call) && (tool.Arguments is null || AreSame(tool.Arguments, call.Text))) ?? Latest(thread, IsOfTool);
        if (found is null)
        {
            isGuess = false;
            return null;
        }

        found = isGuess ? FirstLike(found) : found;
        thread.OpenCalls.Remove(found);
        threads.Calls.IsCarriedOut(thread, service, found.Value.Item);
        return found.Value;

        bool IsOfTool(ModelItem call) => CallKeys.IsSameTool(call.Name, tool.Name);
    }

    private static LinkedListNode<OpenCall>? Latest(KnownThread thread, Func<ModelItem, bool> isMeant)
    {
        for (var call = thread.OpenCalls.Last; call is not null; call = call.Previous)
        {
            if (isMeant(call.Value.Item))
            {
                return call;
            }
        }

        return null;
    }

    // Of several that are the same in one answer, the first comes first.
    private static LinkedListNode<OpenCall> FirstLike(LinkedListNode<OpenCall> call)
    {
        var first = call;
        for (var before = call.Previous; before is not null && before.Value.Request == call.Value.Request; before = before.Previous)
        {
            if (before.Value.Item.Name == call.Value.Item.Name && before.Value.Item.Text == call.Value.Item.Text)
            {
                first = before;
            }
        }

        return first;
    }

    // A turn may begin with a call that waited for its end, such as one that somebody had to agree to.
    private KnownThread? ThatWaits(SpanReading span, ToolReading tool) =>
        threads.Calls.Of(span, tool).FirstOrDefault();

    // Of a response that says nothing of what is in it: it is the last one of the turn, nothing else is asked for meanwhile, and it, or
    // the call, says that it is one for a tool.
    private static SpanKey? OnlyAsker(TurnState turn, ToolReading tool)
    {
        if (turn.Thread!.RunningRequests > 0 || turn.LastAnswered is not { Reading.Chat: { Content: { IsCaptured: false, Output.Count: 0 } } chat } last)
        {
            return null;
        }

        var isForTool = chat.FinishReasons.Count == 0 ? tool.CallId is not null : chat.AsksForTool;
        return isForTool ? last.Key : null;
    }

    // Frameworks give values as text that were numbers, and the other way round.
    private static bool AreSame(string arguments, string called) =>
        ItemBuilder.Canonical(arguments) == ItemBuilder.Canonical(called) || ArgumentTexts.Of(arguments).SequenceEqual(ArgumentTexts.Of(called), StringComparer.Ordinal) || ArgumentTexts.AreByPlace(arguments, called)
        || (JsonValue.Parse(called) is { } call && PythonCall.Named(call) is { } named && AreSame(arguments, JsonValue.Compact(named)));

    private static void SayGuess(SpanNode node, Rollout rollout, ToolReading tool, ModelItem call) => rollout.Record(
        SpanContext.Start(node.In!, node.Reading),
        PayloadKind.ProtocolEvent,
        JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tool_call_id"u8, node.Id);
            writer.WriteString("call_id"u8, call.CallId);
            writer.WriteString("matched_by"u8, tool.Arguments is null || AreSame(tool.Arguments, call.Text) ? "name and arguments"u8 : "name"u8);
            writer.WriteEndObject();
        }),
        0,
        static (_, reference) => new ProtocolEventObservedEvent { EventType = "gen_ai.tool_call_matched", EventPayload = reference });
}
