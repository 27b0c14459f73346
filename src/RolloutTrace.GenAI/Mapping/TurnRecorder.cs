using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Payloads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Starts and ends rollouts, threads and turns.</summary>
internal sealed class TurnRecorder(ThreadTable threads, IGenAIRolloutOpener opener)
{
    private readonly LinkedList<RolloutState> open = new();
    private readonly ThreadFinder finder = new(threads);

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

        finder.LeaveGroup(turn, request);
        if (turn.Parent is { } parent)
        {
            if (parent.Thread is null && turn.Tool is null)
            {
                parent.Continues ??= finder.CallerBefore(turn, parent, request);
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
        var keys = AgentNames.KeysOf(turn, request);
        var rule = finder.Find(turn, request, keys, out var found, out var conversation);
        if (found is not null)
        {
            thread = found;
            thread.AgentKeys = found == turn.Continues || found == turn.Awaited ? thread.AgentKeys : [.. thread.AgentKeys.Union(keys, StringComparer.Ordinal)];
            return rule;
        }

        var parent = turn.Parent?.Thread ?? finder.HandedOver(turn, conversation, first);
        var name = AgentNames.NameOf(turn);
        var told = first.Tags.Text(RolloutAttributes.Thread.Id);
        var id = told ?? (conversation is not null && rule is ThreadRule.ConversationId or ThreadRule.SessionId
            ? DerivedId.Of("conversation", first.Service, conversation!, parent is null ? string.Empty : parent.ThreadId, parent is null ? string.Empty : name ?? string.Empty)
            : DerivedId.Of("thread", node.Key.TraceId, node.Key.SpanId));
        thread = threads.Find(id) ?? new KnownThread(id, parent is null ? AgentPaths.Root : AgentPaths.Child(parent.AgentPath, parent.Children.Take(name)), parent)
        {
            AgentKeys = turn.Parent is { Node.IsWorkflow: true } ? [.. keys, .. AgentNames.KeysOf(turn, request, caller: null)] : keys,
            OuterKeys = turn is { Tool: null, Parent.Thread: { } caller } ? AgentNames.OuterKeysOf(turn, caller.AgentKeys) : [],
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
