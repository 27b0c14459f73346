using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Finds out whose turn it is.</summary>
internal sealed class ThreadFinder(ThreadTable threads)
{
    /// <summary>The thread of a turn, in the order of the rules.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">Its first request; null if something else happens before, or nothing does.</param>
    /// <param name="keys">By what its agent is known.</param>
    /// <param name="found">The thread; null if it is none that is known.</param>
    /// <param name="conversation">The conversation that names it; null if none does.</param>
    /// <returns>The rule that tells.</returns>
    public ThreadRule Find(TurnState turn, SpanNode? request, IReadOnlyList<string> keys, out KnownThread? found, out string? conversation)
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
                found = AgentNames.MayBeOf(same, first.Agent) ? same : Callee(same, turn, request);
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

    /// <summary>An agent that goes on with a conversation of its own, in which it was alone, is alone there still, and so are those around it.</summary>
    public void LeaveGroup(TurnState turn, SpanNode? request)
    {
        if (turn is not { Tool: null, Parent: { Thread: null, Node.IsWorkflow: true } group })
        {
            return;
        }

        group.IsDissolved |= request?.Reading.Chat?.Content.Input is { Count: > 0 } input
            && threads.WithBeginning(AgentNames.KeysOf(turn, request), input, turn.Node!.Reading.Span) is { Parent: null };
        if (group.IsDissolved)
        {
            turn.Parent = group.Parent;
        }
    }

    /// <summary>Of an agent that asks no model before it calls others, such as a workflow, the conversation is known by theirs.</summary>
    public KnownThread? CallerBefore(TurnState turn, TurnState parent, SpanNode? request)
    {
        if (request?.Reading.Chat?.Content.Input is not { Count: > 0 } input)
        {
            return null;
        }

        var keys = AgentNames.KeysOf(parent, request: null);
        var callee = threads.WithBeginning(AgentNames.OuterKeysOf(turn, keys), input, turn.Node!.Reading.Span)?.Parent;
        return callee is { RunningRequests: 0 } && IsIdle(callee) ? callee : null;
    }

    /// <summary>Another agent in a conversation is handed the work by the one whose it is.</summary>
    public KnownThread? HandedOver(TurnState turn, string? conversation, SpanReading first) =>
        turn.Parent is null && conversation is not null
        && threads.Find(DerivedId.Of("conversation", first.Service, conversation, string.Empty, string.Empty)) is { } owner
        && !AgentNames.MayBeOf(owner, first.Agent) ? owner : null;

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
            && threads.WithBeginning(AgentNames.KeysOf(turn, request, owner), input, turn.Node!.Reading.Span) is { } found && found.Root == owner
            ? found : null;

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

    private static bool IsIdle(KnownThread thread) => thread.LastTurn is null or { HasEnded: true };

    // What is started from a turn stays in its rollout.
    private static bool IsOf(KnownThread thread, TurnState turn) => turn.Parent?.Thread is not { } parent || thread.Parent == parent;
}
