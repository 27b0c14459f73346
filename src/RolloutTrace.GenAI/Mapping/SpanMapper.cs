using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Spans to raw events. It is told of spans as they begin and end, a parent before what is below it, and writes into rollouts that it
/// opens. It knows no clock and no thread: one caller at a time.
/// </summary>
internal sealed class SpanMapper
{
    private readonly ThreadTable threads;
    private readonly TurnRecorder turns;
    private readonly RequestRecorder requests;
    private readonly ToolRecorder tools;
    private readonly SummaryRequests summaries;

    public SpanMapper(GenAIThreadOptions options, IGenAIRolloutOpener opener, Func<CallerReference?>? processCaller = null)
    {
        threads = new ThreadTable(options);
        turns = new TurnRecorder(threads, opener) { StartTool = StartTool, RecordTool = RecordTool, ProcessCaller = processCaller };
        requests = new RequestRecorder(threads, turns);
        summaries = new SummaryRequests(threads);
        tools = new ToolRecorder(threads, turn => turns.Ensure(turn, request: null));
    }

    /// <summary>How many rollouts run.</summary>
    public int OpenRollouts => turns.OpenRollouts;

    /// <summary>Finds the turn that a span outside its trace belongs to; null if none is known.</summary>
    public Func<SpanLink, TurnState?>? TurnOf { get; init; }

    /// <summary>A span has begun, and it is known by now what it is. What is above it has begun before.</summary>
    public void Begin(SpanNode node)
    {
        if (node.HasBegun)
        {
            return;
        }

        node.HasBegun = true;
        ReleaseBefore(node);
        var above = Above(node, out var tool);
        switch (node.Role)
        {
            case SpanRole.Agent when above?.Node is { Role: SpanRole.Agent } same && tool is null && IsSameBoundary(node, same):
                node.In = above;
                break;
            case SpanRole.Agent or SpanRole.Workflow when above is { IsExternal: true } && tool is null:
                node.In = above;
                break;
            case SpanRole.Tool when node.Parent is { Role: SpanRole.Tool } caller && node.Reading.Tool!.IsMcpCall:
                // How the tool is carried out, with a span of its own.
                node.IsRecorded = true;
                node.Id = caller.Id;
                node.In = caller.In;
                caller.McpCall ??= node.Reading.Tool.Mcp(node.Reading.Span);
                break;
            case SpanRole.Tool when node.Parent is { IsHandle: true, Role: SpanRole.Tool } handle && IsSameWork(node, handle):
                node.IsRecorded = true;
                node.Id = handle.Id;
                break;
            case SpanRole.Tool when node.Parent is { IsHandle: false, IsRecorded: false, Turn: null, In: not null, Role: SpanRole.Tool } outer && SameCalls.Are(node.Reading.Tool!, outer.Reading.Tool!):
                node.IsRecorded = true;
                node.Id = outer.Id;
                node.In = outer.In;
                node.Carries = outer;
                break;
            case SpanRole.Agent or SpanRole.Workflow:
                node.Turn = NewTurn(node, Caller(above) ?? Linked(node), tool);
                break;
            case SpanRole.Chat or SpanRole.Wrapper when above is null || tool is not null:
                node.Turn = NewTurn(node, above, tool);
                break;
            case SpanRole.Chat when OuterRequest(node) is { IsHandle: false, IsRecorded: false } outer && InnerRequests.IsOfCall(node, outer, above!.Thread):
                node.IsOfCall = true;
                node.Turn = NewTurn(node, above, tool: null);
                break;
            case SpanRole.Chat when IsOfAnotherConversation(node, above!):
                node.Turn = NewTurn(node, parent: null, tool: null);
                break;
            case SpanRole.Tool when above is null:
                node.In = Waiting(node);
                node.Turn = node.In is null ? NewTurn(node, null, null) : null;
                break;
            case SpanRole.Tool when above.Node is { Role: SpanRole.Wrapper or SpanRole.Workflow } around && Waiting(node) is { } asker && IsBelow(asker, around):
                // Graphs carry out beside an agent what that has asked for.
                node.In = asker;
                break;
        }

        node.In ??= node.Turn ?? above;
    }

    /// <summary>Something below the span begins, so what it says by now is what it says at its start.</summary>
    public void Start(SpanNode node)
    {
        Begin(node);
        if (node.HasStarted || node.HasEnded || node.IsRecorded)
        {
            return;
        }

        if (node.Role == SpanRole.Tool && node.Turn is null)
        {
            EndAnswered(node);
            if (!tools.HasToWait(node))
            {
                tools.Start(node);
            }
        }
        else if (node is { Role: SpanRole.Chat, HasInner: false } && node.Reading.Chat!.Content.Input.Count > 0 && OuterRequest(node) is null && CompactionRecorder.Above(node) is null && summaries.Of(node) is null)
        {
            requests.Start(node);
        }
    }

    /// <summary>A span of somebody else leaves the process below the call of a tool, which may call an agent by it.</summary>
    public void Outgoing(SpanNode tool, SpanReference span, DateTimeOffset time)
    {
        Begin(tool);
        if (tool is { Role: SpanRole.Tool, Turn: null, IsRecorded: false, IsHandle: false, HasEnded: false, In: not null })
        {
            tools.Outgoing(tool, span, time);
        }
    }

    /// <summary>The span has ended, and says all that it will ever say.</summary>
    public void End(SpanNode node)
    {
        Begin(node);
        if (node.HasEnded)
        {
            return;
        }

        node.HasEnded = true;
        if (node.IsRecorded)
        {
            return;
        }

        switch (node.Role)
        {
            case SpanRole.Http:
                NearestRequest(node)?.AddHttp(HttpAttempt.Of(node.Reading));
                break;
            case SpanRole.Chat:
                EndChat(node);
                break;
            case SpanRole.Tool when node.Turn is null:
                EndAnswered(node);
                if (!tools.HasToWait(node))
                {
                    tools.End(node);
                }

                break;
            case SpanRole.Compaction when node.Reading.Tags.IsTrue("compaction.compacted") || node.Reading.Tags.IsTrue(RolloutAttributes.Compaction.Installed)
                || node.Reading.Tags.IsTrue(RolloutAttributes.GenAI.ConversationCompacted):
                node.In?.Compactions.Add(node);
                break;
        }

        if (node.Turn is { } turn)
        {
            EndTurn(node, turn);
        }
    }

    /// <summary>The span will never end, as far as is known: it is running.</summary>
    public void Leave(SpanNode node)
    {
        Begin(node);
        if (node.HasEnded || node.HasStarted || node.IsRecorded)
        {
            return;
        }

        switch (node.Role)
        {
            case SpanRole.Chat when IsOneKnown(node):
                node.IsAround = true;
                Release(node);
                break;
            case SpanRole.Chat when OuterRequest(node) is null && CompactionRecorder.Above(node) is null && !node.IsAround:
                requests.Start(node);
                break;
            case SpanRole.Tool when node.Turn is null:
                tools.Start(node);
                break;
            case SpanRole.Agent:
            case SpanRole.Wrapper when IsWaitedFor(node.Turn):
                turns.Ensure(node.In!, request: null);
                break;
        }
    }

    /// <inheritdoc cref="TurnRecorder.External"/>
    public TurnState External(RolloutBoundary boundary) => turns.External(boundary);

    /// <inheritdoc cref="TurnRecorder.EndIdle"/>
    public void EndIdle(DateTimeOffset since) => turns.EndIdle(since);

    /// <inheritdoc cref="TurnRecorder.EndAll"/>
    public void EndAll() => turns.EndAll();

    private static TurnState NewTurn(SpanNode node, TurnState? parent, SpanNode? tool) =>
        new(node, DerivedId.Of("turn", node.Key.TraceId, node.Key.SpanId)) { Parent = parent, Tool = tool };

    // The turn around a span, and the call of a tool that stands between.
    private static TurnState? Above(SpanNode node, out SpanNode? tool)
    {
        tool = null;
        for (var above = node.Parent; above is not null; above = above.Parent)
        {
            if (above.Turn is not null)
            {
                return above.Turn;
            }

            if (above.Role == SpanRole.Tool)
            {
                tool ??= above.Carries ?? above;
            }

            if (above.In is not null && above.Role is SpanRole.Tool or SpanRole.Agent)
            {
                return above.In;
            }
        }

        return null;
    }

    // What is only around an agent, and asks no model itself, is no turn that could have called it.
    private static TurnState? Caller(TurnState? above)
    {
        while (above is { Thread: null, Node.Role: SpanRole.Wrapper or SpanRole.Chat } or { IsDissolved: true })
        {
            above = above.Parent;
        }

        return above;
    }

    // What is only around requests may be around those of several conversations. A conversation's name is that of its last response with some.
    private bool IsOfAnotherConversation(SpanNode node, TurnState turn)
    {
        if (turn is not { IsExternal: false, Node: { Role: SpanRole.Wrapper } around } || node.Reading.Agent.ConversationId is not { } conversation
            || RequestIds.AreResponses(conversation) || threads.OfResponse(conversation) is not null)
        {
            return false;
        }

        turn.Conversation ??= around.Reading.Agent.ConversationId ?? conversation;
        return turn.Conversation != conversation;
    }

    private TurnState? Linked(SpanNode node)
    {
        foreach (var link in node.Links)
        {
            // Links of our own say something else: a session, a cause, an answer.
            if (!link.Attributes.Any(static tag => tag.Name == RolloutAttributes.Link.Kind) && TurnOf?.Invoke(link) is { Thread: not null } linked)
            {
                return linked;
            }
        }

        return null;
    }

    // A tool that runs where nothing is around it, for a model that waits for it.
    private TurnState? Waiting(SpanNode node)
    {
        foreach (var thread in threads.Calls.Of(node.Reading, node.Reading.Tool!))
        {
            if (thread is { Rollout.HasEnded: false, LastTurn: { } turn })
            {
                return turn;
            }
        }

        if (threads.Unseen.OfCall(node.Reading) is { LastTurn: { } last } unseen)
        {
            unseen.Unseen = UnseenAnswer.CarriedOut;
            return last;
        }

        return null;
    }

    private static bool IsBelow(TurnState turn, SpanNode around)
    {
        for (var node = turn.Node?.Parent; node is not null; node = node.Parent)
        {
            if (node == around)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameWork(SpanNode node, SpanNode handle)
    {
        var (tool, told) = (node.Reading.Tool!, handle.Reading.Tool!);
        return tool.CallId is { } id && told.CallId is { } other ? id == other : tool.Name == told.Name || SameCalls.Are(tool, told);
    }

    // Instrumented twice, an agent has two spans for one turn.
    private static bool IsSameBoundary(SpanNode node, SpanNode around)
    {
        var (inner, outer) = (node.Reading.Agent, around.Reading.Agent);
        return node.Parent == around && (inner.Id ?? inner.Name) is { } identity && identity == (outer.Id is null || inner.Id is null ? outer.Name : outer.Id)
            && around.Turn is { HasRequests: false };
    }

    private void StartTool(SpanNode tool)
    {
        if (tool.Turn is null)
        {
            tools.Start(tool);
        }
    }

    private void RecordTool(SpanNode tool)
    {
        if (tool.HasEnded)
        {
            tools.End(tool);
        }
        else
        {
            tools.Start(tool);
        }
    }

    // Calls were carried out in it, and nothing was asked: it is no more known of whose turn it is.
    private static bool IsWaitedFor(TurnState? turn) => turn is { Thread: null } && turn.Waiting.Exists(static waiting => waiting.Role == SpanRole.Tool);

    // Some carry out what was asked for inside the request's span: by then it has been answered.
    private void EndAnswered(SpanNode tool)
    {
        if (tool is { HasStarted: false, In: not null, Parent: { Role: SpanRole.Chat, IsHandle: false, HasEnded: false, IsRecorded: false, IsAnswered: false, IsAround: false } request } && (!request.HasInner || request.Held.Count == 1) && OuterRequest(request) is null && CompactionRecorder.Above(request) is null
            && request.Reading.Chat!.Content.Output is [.., { Kind: ItemKind.Call }] output && output.All(static item => item.Kind != ItemKind.Output))
        {
            request.IsAnswered = true;
            requests.End(request, tool.Start);
        }
    }

    private void EndChat(SpanNode node)
    {
        if (CompactionRecorder.Above(node) is not null)
        {
            EndCompactionRequest(node);
            return;
        }

        var chat = node.Reading.Chat!;
        if (summaries.Of(node) is not null)
        {
            EndSummaryRequest(node);
            return;
        }

        if (OuterRequest(node) is { } outer)
        {
            if (outer.HasStarted)
            {
                return;
            }

            if (!outer.IsAround && !IsOneKnown(outer) && (chat.Content is { Input.Count: 0, Output.Count: 0 } || outer.Reading.Chat!.IsWhole || (outer.Held.Count == 0 && !chat.TellsAll)))
            {
                outer.Held.Add(node);
                foreach (var attempt in node.Http)
                {
                    outer.AddHttp(attempt);
                }

                return;
            }

            outer.IsAround = true;
            Release(outer);
        }

        if (!node.IsAround && node.Held.Count > 1 && chat.Content is { Input.Count: 0, Output.Count: 0 })
        {
            node.IsAround = true;
            Release(node);
        }

        if (!node.IsAround && !node.IsAnswered)
        {
            if (node is { HasStarted: false, Held: [var inner] })
            {
                node.Reading = node.Reading.With(inner.Reading.Chat!);
            }

            requests.End(node);
        }
    }

    // More happens inside of a request: it is around several.
    private void ReleaseBefore(SpanNode node)
    {
        if (node.Role is SpanRole.Chat or SpanRole.Tool && OuterRequest(node) is { HasStarted: false, IsAround: false } outer && IsOneKnown(outer))
        {
            outer.IsAround = true;
            Release(outer);
        }
    }

    // Of one of the requests inside it is known what was said there.
    private static bool IsOneKnown(SpanNode outer) => !outer.Reading.Chat!.IsWhole && outer.Held.Exists(static held => held.Reading.Chat!.Content is { Input.Count: > 0 } or { Output.Count: > 0 });

    private void Release(SpanNode outer)
    {
        foreach (var held in outer.Held)
        {
            requests.End(held);
        }

        outer.Held.Clear();
    }

    // Before the turn's own first request it is not known whose turn it is.
    private static void EndCompactionRequest(SpanNode node)
    {
        if (node.In is { Thread: null } turn)
        {
            turn.Waiting.Add(node);
        }
        else if (node.In is not null)
        {
            CompactionRecorder.Record(node);
        }
    }

    // The thread that it is about is the one that goes on here, unless something says otherwise.
    private void EndSummaryRequest(SpanNode node)
    {
        var turn = node.In!;
        turn.Continues ??= node.SumsUp;
        turns.Ensure(turn, request: null);
        turn.HasRequests |= turn.Node == node;
        CompactionRecorder.Record(node);
        if (node.Reading.Chat!.Outcome.Status == ExecutionStatus.Completed && node.Reading.Chat.Content.Output is [{ Kind: ItemKind.Message } summary])
        {
            threads.Summarised(turn.Thread!, new Summary(HistoryHash.OfText(summary.Text), CompactionRecorder.IdOf(node)));
        }
    }

    private void EndTurn(SpanNode node, TurnState turn)
    {
        if (turn.Thread is null && (node.Role is SpanRole.Agent or SpanRole.Tool || IsWaitedFor(turn) || (node.Role == SpanRole.Workflow && !IsIdle(node))))
        {
            turns.Ensure(turn, request: null);
        }

        if (turn.Thread is null)
        {
            return;
        }

        if (node.Role == SpanRole.Tool && !turn.HasRequests)
        {
            tools.End(node);
        }
        else if (!turn.HasRequests || node.Role == SpanRole.Tool || (node.Role == SpanRole.Agent && !turn.HasContent && node.Reading.Agent.Content.IsCaptured))
        {
            SayAll(node, turn);
        }

        var outcome = node.Role switch
        {
            SpanRole.Chat when !node.IsAround => node.Reading.Chat!.Outcome,
            SpanRole.Wrapper when node.Reading.Agent.Outcome.Status == ExecutionStatus.Completed && turn.LastOutcome is { } last => last,
            _ => node.Reading.Agent.Outcome,
        };
        turns.End(turn, outcome);
    }

    // A workflow runs each time something is given to it, and again where nothing is left to do: how often is a matter of chance. What
    // works in a run has made a turn of it by now.
    private static bool IsIdle(SpanNode workflow) =>
        workflow.Reading.Agent is { Outcome.Status: ExecutionStatus.Completed, Content: { Input.Count: 0, Output.Count: 0 } };

    // A turn of which nothing else is known, or not what was said in it, has what its span says.
    private static void SayAll(SpanNode node, TurnState turn) => turn.Thread!.Rollout!.Rollout.Record(
        SpanContext.End(turn, node.Reading),
        PayloadKind.ProtocolEvent,
        MappedPayloads.Attributes(node.Reading),
        node.Reading.Tags.Text("gen_ai.operation.name") ?? "span",
        static (operation, reference) => new ProtocolEventObservedEvent { EventType = $"gen_ai.{operation}", EventPayload = reference });

    // Requests of one kind inside another are one request, told twice.
    public static SpanNode? OuterRequest(SpanNode node)
    {
        for (var above = node.IsOfCall ? null : node.Parent; above is not null && above.Role is SpanRole.Chat or SpanRole.Wrapper or SpanRole.Http; above = above.Parent)
        {
            if (above.Role == SpanRole.Chat)
            {
                return above;
            }
        }

        return null;
    }

    private static SpanNode? NearestRequest(SpanNode node)
    {
        for (var above = node.Parent; above is not null && above.Role is SpanRole.Chat or SpanRole.Http; above = above.Parent)
        {
            if (above.Role == SpanRole.Chat)
            {
                return above;
            }
        }

        return null;
    }
}
