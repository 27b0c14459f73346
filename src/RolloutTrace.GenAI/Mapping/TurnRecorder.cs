using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Starts and ends rollouts, threads and turns, and finds out whose turn it is.</summary>
internal sealed class TurnRecorder(ThreadTable threads, IGenAIRolloutOpener opener)
{
    private readonly LinkedList<RolloutState> open = new();

    /// <summary>Starts the call of a tool that has brought a turn about, if it has not been yet.</summary>
    public required Action<SpanNode> StartTool { get; init; }

    /// <summary>Records the call of a tool, as far as it has come, whose turn is known by now.</summary>
    public required Action<SpanNode> RecordTool { get; init; }

    /// <summary>Takes who started the process, for the first rollout that begins without a span above it; null where nobody is asked.</summary>
    public Func<CallerReference?>? ProcessCaller { get; init; }

    public int OpenRollouts => open.Count;

    /// <summary>The turn is recorded from here on: it is decided to which thread it belongs.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">Its first request; null if something else happens before, or nothing does.</param>
    public void Ensure(TurnState turn, SpanNode? request)
    {
        if (turn.Thread is not null || turn.Node is not { } node)
        {
            return;
        }

        LeaveGroup(turn, request);
        if (turn.Parent is { } parent)
        {
            if (parent.Thread is null && turn.Tool is null)
            {
                parent.Continues ??= CallerBefore(turn, parent, request);
            }

            Ensure(parent, turn is { Tool: null, Node.Role: SpanRole.Chat } && parent.Node is { Role: SpanRole.Chat } outer ? outer : null);
            if (turn.Tool is { } tool)
            {
                StartTool(tool);
            }
        }

        var rule = Assign(turn, request, out var thread);
        turn.Thread = thread;
        var isFirst = thread.Rollout is not { HasEnded: false };
        var rollout = StartThread(thread, turn, request);
        rollout.OpenTurns++;
        rollout.LastSeen = Later(rollout.LastSeen, node.Reading.Span.Start);
        thread.LastTurn = turn;
        turn.First = request;
        turn.Given = thread.History.Count > 0 && !turn.IsTriedAgain ? request?.Reading.Chat?.Content.Input : null;
        threads.Saw(thread, node.Reading.Span.Start);
        rollout.Rollout.Record(
            SpanContext.Start(turn, node.Reading),
            new CodexTurnStartedEvent { CodexTurnId = turn.TurnId, ThreadId = thread.ThreadId, Caller = CallerOf(turn, thread, rollout, isFirst) });
        if (rule == ThreadRule.History)
        {
            SayGuess(turn, rule);
        }

        RecordWaiting(turn);
    }

    private void RecordWaiting(TurnState turn)
    {
        foreach (var waiting in turn.Waiting)
        {
            if (waiting.Role == SpanRole.Tool)
            {
                RecordTool(waiting);
            }
            else
            {
                CompactionRecorder.Record(waiting);
            }
        }

        turn.Waiting.Clear();
    }

    /// <summary>The turn has ended.</summary>
    public void End(TurnState turn, SpanOutcome outcome)
    {
        if (turn.Thread is not { Rollout: { } rollout } thread || turn.HasEnded || turn.Node is not { } node)
        {
            return;
        }

        turn.HasEnded = true;
        var context = SpanContext.End(turn, node.Reading);
        if (turn.Parent is { } outer && outer.Thread != thread && HandOffs.Record(turn, threads) is { } handOff)
        {
            outer.HandOff = handOff;
        }
        else if (turn.Parent is null && node.Role == SpanRole.Agent && outcome.Status == ExecutionStatus.Completed)
        {
            HandOffs.Record(turn, threads);
        }

        rollout.Rollout.Record(context, new CodexTurnEndedEvent { CodexTurnId = turn.TurnId, Status = outcome.Status });
        rollout.OpenTurns = Math.Max(0, rollout.OpenTurns - 1);
        rollout.LastSeen = Later(rollout.LastSeen, node.Reading.Span.End ?? node.Reading.Span.Start);
        threads.Saw(thread, rollout.LastSeen);
        if (turn.Given is { } given && thread.LastTurn == turn && (outcome.Status != ExecutionStatus.Completed || thread.History is [.., { Kind: ItemKind.Call }]))
        {
            // A turn that ends with calls for which nothing has come was left, whatever its span says.
            threads.Left(thread, given);
        }
        else if (turn is { Given: null, First.Reading.Chat: { } asked } && thread.LastTurn == turn && outcome.Status == ExecutionStatus.Failed)
        {
            threads.Failed(thread, asked.Content, node.Reading.Span);
        }

        (turn.Given, turn.First) = (null, null);

        if (turn is { Parent.Thread: { } parentThread, Tool: { } tool } && parentThread != thread && !IsLeftBehind(tool, node) && !ToolClassifier.Kind(tool.Reading.Tool?.Name ?? string.Empty).Type.IsAgents())
        {
            GiveBack(turn, tool, parentThread, outcome, context);
        }

        if (rollout.IsExternal)
        {
            // Nobody says when the rollout of a handle ends, so a thread in it ends with each of its turns.
            rollout.Rollout.Record(
                SpanContext.OfThread(thread.ThreadId, rollout.LastSeen),
                new ThreadEndedEvent { ThreadId = thread.ThreadId, Status = outcome.Status == ExecutionStatus.Failed ? RolloutStatus.Failed : RolloutStatus.Completed });
        }
    }

    /// <summary>The turn of a handle, in which spans of others are.</summary>
    public TurnState External(RolloutBoundary boundary)
    {
        var thread = threads.Find(boundary.ThreadId!);
        if (thread?.Rollout?.Rollout != boundary.Rollout)
        {
            thread ??= new KnownThread(boundary.ThreadId!, boundary.AgentPath, parent: null) { Rule = ThreadRule.Handle };
            thread.Rollout = new RolloutState(boundary.Rollout, isExternal: true);
        }

        if (threads.Find(thread.ThreadId) is null)
        {
            Remember(thread, thread.LastSeen);
        }

        return new TurnState(node: null, boundary.TurnId!) { Thread = thread, IsExternal = true };
    }

    /// <summary>Ends the rollouts that nothing was seen of since then and in which no turn runs.</summary>
    public void EndIdle(DateTimeOffset since)
    {
        for (var node = open.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.OpenTurns == 0 && node.Value.LastSeen <= since)
            {
                open.Remove(node);
                End(node.Value);
            }

            node = next;
        }
    }

    /// <summary>Nothing more will come: what runs goes on running as far as the bundles know, the rest has ended.</summary>
    public void EndAll()
    {
        foreach (var rollout in open)
        {
            if (rollout.OpenTurns == 0)
            {
                End(rollout);
            }
            else
            {
                opener.Close(rollout.Rollout);
            }
        }

        open.Clear();
    }

    private void End(RolloutState rollout)
    {
        if (rollout.HasEnded || rollout.IsExternal)
        {
            return;
        }

        rollout.HasEnded = true;
        for (var i = rollout.Threads.Count - 1; i >= 0; i--)
        {
            var thread = rollout.Threads[i];
            rollout.Rollout.Record(SpanContext.OfThread(thread.ThreadId, rollout.LastSeen), new ThreadEndedEvent { ThreadId = thread.ThreadId, Status = RolloutStatus.Completed });
            thread.Rollout = null;
        }

        rollout.Rollout.Record(SpanContext.OfThread(null, rollout.LastSeen), new RolloutEndedEvent { Status = RolloutStatus.Completed });
        opener.Close(rollout.Rollout);
    }

    // Nobody finds the rollout of one that is forgotten: it has ended.
    private void Remember(KnownThread thread, DateTimeOffset now)
    {
        if (threads.Add(thread, now) is { Rollout: { IsExternal: false, OpenTurns: 0 } rollout } forgotten && rollout.Threads[0] == forgotten)
        {
            open.Remove(rollout);
            End(rollout);
        }
    }

    private ThreadRule Assign(TurnState turn, SpanNode? request, out KnownThread thread)
    {
        var node = turn.Node!;
        var first = node.Reading;
        var keys = AgentKeys(turn, request);
        var rule = Find(turn, request, keys, out var found, out var conversation);
        if (found is not null)
        {
            thread = found;
            thread.AgentKeys = found == turn.Continues || found == turn.Awaited ? thread.AgentKeys : [.. thread.AgentKeys.Union(keys, StringComparer.Ordinal)];
            return rule;
        }

        var parent = turn.Parent?.Thread ?? HandedOver(turn, conversation, first);
        var name = NameOf(turn);
        var told = first.Tags.Text(RolloutAttributes.Thread.Id);
        var id = told ?? (conversation is not null && rule is ThreadRule.ConversationId or ThreadRule.SessionId
            ? DerivedId.Of("conversation", first.Service, conversation!, parent is null ? string.Empty : parent.ThreadId, parent is null ? string.Empty : name ?? string.Empty)
            : DerivedId.Of("thread", node.Key.TraceId, node.Key.SpanId));
        thread = threads.Find(id) ?? new KnownThread(id, parent is null ? AgentPaths.Root : AgentPaths.Child(parent.AgentPath, parent.Children.Take(name)), parent)
        {
            AgentKeys = turn.Parent is { Node.IsWorkflow: true } ? [.. keys, .. AgentKeys(turn, request, caller: null)] : keys,
            OuterKeys = turn is { Tool: null, Parent.Thread: { } caller } ? OuterKeys(turn, caller.AgentKeys) : [],
            Service = first.Service,
            Rule = parent is null || rule != ThreadRule.Own ? rule : ThreadRule.Parent,
            ConversationId = conversation,
        };
        if (threads.Find(id) is null)
        {
            Remember(thread, first.Span.Start);
        }

        return thread.Rule;
    }

    private ThreadRule Find(TurnState turn, SpanNode? request, IReadOnlyList<string> keys, out KnownThread? found, out string? conversation)
    {
        var first = turn.Node!.Reading;
        if (first.Tags.Text(RolloutAttributes.Thread.Id) is { } told)
        {
            // It was recorded before, and says whose it is.
            found = threads.Find(told);
            conversation = null;
            return ThreadRule.Handle;
        }

        var named = first.Agent.ConversationId is null && request is not null ? request.Reading.Agent : first.Agent;
        named = named.ConversationId is null && turn is { Parent: null, Tool: null } ? Around(turn.Node) ?? named : named;
        conversation = named.ConversationId;
        found = null;
        if (request?.Reading.Chat?.PreviousResponseId is { } previous && threads.OfResponse(previous) is { } continued && IsOf(continued, turn))
        {
            found = continued;
            return ThreadRule.ResponseId;
        }

        if (conversation is not null && threads.OfResponse(conversation) is { } answered && IsOf(answered, turn))
        {
            found = answered;
            return ThreadRule.ResponseId;
        }

        // A turn that was started from another one with the conversation of that is that one's work all the same.
        if (conversation is not null && turn.Parent?.Thread is { } parent && parent.Root.ConversationId == conversation)
        {
            conversation = null;
        }

        if (conversation is not null && !RequestIds.AreResponses(conversation))
        {
            if (turn.Parent is null && threads.Find(DerivedId.Of("conversation", first.Service, conversation, string.Empty, string.Empty)) is { } same)
            {
                found = IsSameAgent(same, first.Agent) ? same : Callee(same, turn, request);
            }

            return named.IsSession ? ThreadRule.SessionId : ThreadRule.ConversationId;
        }

        conversation = null;
        found = ByWhatWasSaid(turn, request, keys);
        if (found is not null)
        {
            return ThreadRule.History;
        }

        return turn.Parent is null ? ThreadRule.Own : ThreadRule.Parent;
    }

    private KnownThread? ByWhatWasSaid(TurnState turn, SpanNode? request, IReadOnlyList<string> keys)
    {
        if (turn.Continues is { } known && IsOf(known, turn) && IsOfAgent(known, turn, keys))
        {
            return known;
        }

        if (request?.Reading.Chat?.Content.Input is { Count: > 0 } input && WithHistory(turn, request, keys, input) is { } found)
        {
            return found;
        }

        if (turn is { Parent: null, Node: { Reading.Chat.Content.IsCaptured: false } lone } && lone == request && threads.Unseen.OfRequest(lone.Reading, keys) is { } unseen)
        {
            return unseen;
        }

        return turn.Awaited is { } awaiting && IsOf(awaiting, turn) && IsOfAgent(awaiting, turn, keys) ? awaiting : null;
    }

    // What is only around an agent may say whose conversation that is.
    private static AgentReading? Around(SpanNode node)
    {
        for (var above = node.Parent; above is { Role: SpanRole.Wrapper }; above = above.Parent)
        {
            if (above.Reading.Agent is { ConversationId: not null } named)
            {
                return named;
            }
        }

        return null;
    }

    // An agent that was called before in a conversation may go on in it by itself.
    private KnownThread? Callee(KnownThread owner, TurnState turn, SpanNode? request) =>
        request?.Reading.Chat?.Content.Input is { Count: > 0 } input
            && threads.WithBeginning(AgentKeys(turn, request, owner), input, turn.Node!.Reading.Span) is { } found && found.Root == owner
            ? found : null;

    // An agent that goes on with a conversation of its own, in which it was alone, is alone there still, and so are those around it.
    private void LeaveGroup(TurnState turn, SpanNode? request)
    {
        if (turn is not { Tool: null, Parent: { Thread: null, Node.IsWorkflow: true } group })
        {
            return;
        }

        group.IsDissolved |= request?.Reading.Chat?.Content.Input is { Count: > 0 } input
            && threads.WithBeginning(AgentKeys(turn, request), input, turn.Node!.Reading.Span) is { Parent: null };
        if (group.IsDissolved)
        {
            turn.Parent = group.Parent;
        }
    }

    private KnownThread? WithHistory(TurnState turn, SpanNode request, IReadOnlyList<string> keys, IReadOnlyList<ModelItem> input)
    {
        var first = turn.Node!.Reading.Span;
        if ((threads.WithBeginning(keys, input, first) ?? threads.WithoutLeftQuestion(keys, input, first)) is { } whole)
        {
            return IsBeside(turn, request, whole) ? null : whole;
        }

        if (threads.WithJoinedAnswer(keys, input, first) is { } joined && !IsBeside(turn, request, joined))
        {
            return joined;
        }

        if (threads.OfSummary(input) is { } summarised && IsOf(summarised, turn) && IsOfAgent(summarised, turn, keys))
        {
            return summarised;
        }

        return (turn.Compactions.Count > 0 ? threads.WithEnd(keys, input, from: 0, first)
                : CompactionRecorder.StartsWithSummary(input, []) ? threads.WithEnd(keys, input, from: 1, first)
                : null)
            ?? threads.WithRest(keys, input, first.Start)
            ?? (threads.WithShorterQuestion(keys, input, first.Start) is { } asked && !IsBeside(turn, request, asked) ? asked : null)
            ?? TriedAgain(turn, request, keys);
    }

    private KnownThread? TriedAgain(TurnState turn, SpanNode request, IReadOnlyList<string> keys)
    {
        var failed = turn.Parent is null ? threads.TriedAgain(keys, request.Reading.Chat!.Content, turn.Node!.Reading.Span) : null;
        turn.IsTriedAgain = failed is not null;
        return failed;
    }

    // A request that finds a title, or judges, is shown the conversation, and told something else, without the conversation's tools. Of
    // agents it is said whose requests they are.
    private static bool IsBeside(TurnState turn, SpanNode request, KnownThread thread) =>
        turn.Node!.Role is not SpanRole.Agent && thread.HadTools && request.Reading.Chat!.Content is { Tools: null } content
        && content.Told is { } told && thread.Told is { } before && told != before;

    // A thread is one agent's. What only asks a model may have another around it in each turn.
    private static bool IsOfAgent(KnownThread thread, TurnState turn, IReadOnlyList<string> keys) =>
        turn.Node!.Role is not SpanRole.Agent || thread.AgentKeys.Intersect(keys, StringComparer.Ordinal).Any();

    // Of an agent that asks no model before it calls others, such as a workflow, the conversation is known by theirs.
    private KnownThread? CallerBefore(TurnState turn, TurnState parent, SpanNode? request)
    {
        if (request?.Reading.Chat?.Content.Input is not { Count: > 0 } input)
        {
            return null;
        }

        var keys = AgentKeys(parent, request: null);
        var callee = threads.WithBeginning(OuterKeys(turn, keys), input, turn.Node!.Reading.Span)?.Parent;
        return callee is { RunningRequests: 0 } && IsIdle(callee) ? callee : null;
    }

    private static bool IsIdle(KnownThread thread) => thread.LastTurn is null or { HasEnded: true };

    private static IReadOnlyList<string> OuterKeys(TurnState turn, IReadOnlyList<string> callerKeys)
    {
        var agent = turn.Node!.Reading.Agent;
        string?[] names = [agent.Id is { } id ? $"id:{id}" : null, agent.Name is { } name ? $"name:{name}" : null];
        return [.. callerKeys.SelectMany(caller => names.Where(static word => word is not null).Select(word => $"{caller}\0called\0{word}"))];
    }

    // Another agent in a conversation is handed the work by the one whose it is.
    private KnownThread? HandedOver(TurnState turn, string? conversation, SpanReading first) =>
        turn.Parent is null && conversation is not null
        && threads.Find(DerivedId.Of("conversation", first.Service, conversation, string.Empty, string.Empty)) is { } owner
        && !IsSameAgent(owner, first.Agent) ? owner : null;

    private static bool IsSameAgent(KnownThread thread, AgentReading agent) =>
        (agent.Id is null && agent.Name is null)
        || !thread.AgentKeys.Any(static key => key.Contains("\0id:", StringComparison.Ordinal) || key.Contains("\0name:", StringComparison.Ordinal))
        || thread.AgentKeys.Any(key => (agent.Id is not null && key.EndsWith($"\0id:{agent.Id}", StringComparison.Ordinal)) || (agent.Name is not null && key.EndsWith($"\0name:{agent.Name}", StringComparison.Ordinal)));

    // What is started from a turn stays in its rollout.
    private static bool IsOf(KnownThread thread, TurnState turn) => turn.Parent?.Thread is not { } parent || thread.Parent == parent;

    private static IReadOnlyList<string> AgentKeys(TurnState turn, SpanNode? request) => AgentKeys(turn, request, turn.Parent?.Thread);

    private static IReadOnlyList<string> AgentKeys(TurnState turn, SpanNode? request, KnownThread? caller)
    {
        var first = turn.Node!.Reading;
        var scope = $"{caller?.ThreadId}\0{first.Service}";
        var keys = new List<string>();
        if (first.Agent.Id is { } id)
        {
            keys.Add($"{scope}\0id:{id}");
        }

        if (NameOf(turn) is { } name)
        {
            keys.Add($"{scope}\0name:{name}");
        }

        var model = request?.Reading.Chat?.Model ?? first.Agent.Model;
        if (keys.Count == 0)
        {
            keys.Add($"{scope}\0model:{model}");
        }
        else if (first.Agent.Name is null && request?.Reading.Chat?.Content.Instructions is { } instructions)
        {
            // Frameworks give an agent without a name another id in each process, and each time that it is made.
            keys.Add($"{scope}\0model:{model}\0{HistoryHash.OfText(instructions)}");
        }

        return keys;
    }

    // Of several agents below one, those that say nothing else are told apart by their spans' names.
    private static string? NameOf(TurnState turn) =>
        turn.Node!.Reading.Agent.Name ?? turn.Tool?.Reading.Tool?.Name ?? (turn is { Parent.Node.IsWorkflow: true, Node: { Role: SpanRole.Agent, Reading.Agent.Id: null } node } ? node.Reading.Span.Name : null);

    private RolloutState StartThread(KnownThread thread, TurnState turn, SpanNode? request)
    {
        if (thread.Rollout is { HasEnded: false } running)
        {
            return running;
        }

        var node = turn.Node!;
        var rollout = thread.Parent is { } parent ? StartThread(parent, turn, request) : OpenRollout(thread, node);
        thread.Rollout = rollout;
        rollout.Threads.Add(thread);
        var toolCallId = turn.Parent is not { } outer || thread.Parent != outer.Thread ? null
            : turn.Tool is { } tool ? tool.Id
            : outer.HandOff;
        if (turn.Tool is null || turn.Tool.Id == turn.Parent?.HandOff)
        {
            turn.Parent?.HandOff = null;
        }

        var metadata = MappedPayloads.Metadata(thread, node.Reading, request?.Reading, toolCallId, thread.Parent is null ? rollout.Rollout.Caller : null);
        rollout.Rollout.Record(
            SpanContext.OfThread(thread.ThreadId, node.Reading.Span.Start),
            PayloadKind.SessionMetadata,
            metadata,
            thread,
            static (started, reference) => new ThreadStartedEvent { ThreadId = started.ThreadId, AgentPath = started.AgentPath, MetadataPayload = reference });
        return rollout;
    }

    private RolloutState OpenRollout(KnownThread root, SpanNode first)
    {
        var above = first.Reading.Span;
        var caller = above.Caller ?? (above.ParentSpanId is null ? ProcessCaller?.Invoke() : null);
        var rollout = Rollout.Create(root.ThreadId, root.ThreadId, caller);
        var start = first.Reading.Span.Start;
        opener.Open(rollout, DerivedId.Of("recording", root.ThreadId, first.Key.TraceId, first.Key.SpanId), start);
        var state = new RolloutState(rollout, isExternal: false) { LastSeen = start };
        open.AddLast(state);
        for (var i = 0; rollout.RecordingAt(i) is { } recording; i++)
        {
            rollout.MarkStarted();
            recording.Record(SpanContext.OfThread(null, start), new RolloutStartedEvent { TraceId = recording.TraceId, RootThreadId = root.ThreadId });
        }

        return state;
    }

    // What called the rollout is said once, by its manifest.
    private static CallerReference? CallerOf(TurnState turn, KnownThread thread, RolloutState rollout, bool isFirst) =>
        turn.Parent is null && thread.Parent is null && !rollout.IsExternal && turn.Node!.Reading.Span.Caller is { } caller
        && !(isFirst && caller == rollout.Rollout.Caller)
            ? caller
            : null;

    // What a tool has only set going gives it nothing: it goes on when the tool has ended. The clocks of two services may differ.
    private static bool IsLeftBehind(SpanNode tool, SpanNode turn) => tool.Reading.Span.End is { } end
        && (turn.Reading.Span.Start > end || (turn.Reading.Span.End > end && turn.Reading.Service == tool.Reading.Service));

    // The child's answer goes back as what the tool gives.
    private static void GiveBack(TurnState turn, SpanNode tool, KnownThread parent, SpanOutcome outcome, in RolloutEventContext context)
    {
        var answer = turn.Answer ?? LastWords(turn.Node!.Reading.Agent.Content.Output);
        var message = outcome.Status == ExecutionStatus.Completed ? answer ?? string.Empty : outcome.Words ?? answer ?? string.Empty;
        var child = turn.Thread!;
        var observed = (
            Edge: ObjectIds.AgentResultEdge(child.ThreadId, turn.TurnId, parent.ThreadId), Child: child.ThreadId, turn.TurnId, Parent: parent.ThreadId,
            Message: EventText.Of(message), Tool: tool.Id);
        child.Rollout!.Rollout.Record(
            context with { ThreadId = parent.ThreadId, TurnId = turn.Parent!.TurnId },
            PayloadKind.AgentResult,
            MappedPayloads.AgentResult(child.AgentPath, message, outcome.Status),
            observed,
            static (o, reference) => new AgentResultObservedEvent
            {
                EdgeId = o.Edge,
                ChildThreadId = o.Child,
                ChildCodexTurnId = o.TurnId,
                ParentThreadId = o.Parent,
                Message = o.Message,
                CarriedPayload = reference,
                ToolCallId = o.Tool,
            });
    }

    private static string? LastWords(IReadOnlyList<ModelItem> output) =>
        output.LastOrDefault(static item => item is { Kind: ItemKind.Message, Role: "assistant" })?.Text;

    private static void SayGuess(TurnState turn, ThreadRule rule)
    {
        var thread = turn.Thread!;
        thread.Rollout!.Rollout.Record(
            SpanContext.Start(turn, turn.Node!.Reading),
            PayloadKind.ProtocolEvent,
            JsonValue.Written(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("thread_id"u8, thread.ThreadId);
                writer.WriteString("codex_turn_id"u8, turn.TurnId);
                writer.WriteString("thread_rule"u8, ThreadRules.Name(rule));
                writer.WriteBoolean("thread_rule_is_guess"u8, true);
                writer.WriteEndObject();
            }),
            "gen_ai.thread_rule",
            static (type, reference) => new ProtocolEventObservedEvent { EventType = type, EventPayload = reference });
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
