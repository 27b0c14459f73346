using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// Whose a request is: the turn around it; in a tool call, an agent that the call has spawned; else a conversation that is found by its
/// id or its history.
/// </summary>
internal static class TurnFinder
{
    private const string AgentNameTag = "gen_ai.agent.name";
    private const string AgentIdTag = "gen_ai.agent.id";

    private static readonly ConditionalWeakTable<ToolCall, List<Conversation>> Spawned = [];

    /// <summary>The turn, and whether it is there for this request alone.</summary>
    public static (TracedTurn Turn, bool IsLone) Find(ChatTracing tracing, Surroundings around, ChatMessage[] messages, ChatOptions? options)
    {
        if (around.Wrapper is { } wrapper)
        {
            RolloutHandle.Cover(wrapper);
        }

        var model = tracing.ModelOf(options);
        var agent = new AgentFacts
        {
            Name = around.TurnSpan?.GetTagItem(AgentNameTag) as string ?? tracing.Options.AgentName,
            Id = around.TurnSpan?.GetTagItem(AgentIdTag) as string,
            Model = model,
            ProviderName = tracing.ProviderName,
            ReplayedFrom = tracing.ReplayedFrom,
        };
        var isLone = around.TurnSpan is null;
        if (around.Tool is { } tool)
        {
            return (InTool(tool, agent, messages, around.TurnSpan, options?.ConversationId), isLone);
        }

        if (around.Turn is { } turn)
        {
            var outer = TracedTurn.Of(turn);
            return around.HasAgent && outer.IsRun ? (Handed(outer, agent, threadId: null, messages, around.TurnSpan), false) : (outer, false);
        }

        if (TracedWorkflow.TurnOf(around.Workflow) is { } workflow)
        {
            return around.HasAgent ? (Handed(workflow, agent, threadId: null, messages, around.TurnSpan), false) : (workflow, false);
        }

        if (around.TurnSpan is null && TracedTurn.GoneOnFrom(messages, messages.Length - 2) is { } running)
        {
            return (running, false);
        }

        var found = tracing.Conversations.Find(agent.Key, options?.ConversationId, messages, options);
        return (Start(found, agent, around.TurnSpan, around.HasAgent), isLone);
    }

    /// <summary>Starts a turn of a conversation that was found for it.</summary>
    public static TracedTurn Start(FoundConversation found, in AgentFacts agent, Activity? span, bool isRun, string? threadId = null)
    {
        try
        {
            var session = found.Conversation.Open(new AgentSessionOptions
            {
                ThreadId = threadId,
                AgentName = agent.Name,
                Nickname = agent.Name,
                Model = agent.Model,
                ProviderName = agent.ProviderName,
                ReplayedFrom = agent.ReplayedFrom,
                ThreadRule = found.Rule,
            });
            var turn = TracedTurn.Start(found.Conversation, session, span, spawnedBy: null, isRun);
            foreach (var call in EarlyCalls.Take(span))
            {
                found.Conversation.CarriedOutBefore(call);
            }

            if (found.Rule == "history")
            {
                turn.Turn.ProtocolEventObserved("thread_rule", JsonPayload.OfJson("""{"thread_rule":"history"}"""));
            }

            return turn;
        }
        finally
        {
            // The turn counts by itself now.
            found.Conversation.TurnEnded();
        }
    }

    /// <summary>Starts a turn of the agent that a tool call has brought about, or goes on with.</summary>
    /// <remarks>An agent that has a thread goes on in it whichever call asks it again, another where its history goes on.</remarks>
    public static TracedTurn InTool(ToolCall tool, in AgentFacts agent, IReadOnlyList<ChatMessage> messages, Activity? span, string? conversationId = null, string? threadId = null, bool isRun = false)
    {
        var parent = Conversation.Of(tool.Turn.Session);
        if (threadId is not null && parent.EndsItself)
        {
            var known = parent.Child(threadId, agent.Key);
            lock (known)
            {
                if (known.Session is not { IsEnabled: true })
                {
                    Spawn(known, tool.Turn.Session, tool, agent, messages, threadId);
                }

                return TracedTurn.Start(known, known.Session ?? AgentSession.Disabled, span, tool, isRun);
            }
        }

        var spawned = Spawned.GetValue(tool, static _ => []);
        lock (spawned)
        {
            var key = agent.Key;
            var conversation = spawned.Find(known => known.Agent == key && known.GoesOnWith(messages, conversationId));
            if (conversation is null)
            {
                conversation = new Conversation(agent.Key, id: null);
                Spawn(conversation, tool.Turn.Session, tool, agent, messages);
                spawned.Add(conversation);
                tool.WhenSpanStops += conversation.CloseIfIdle;
            }

            return TracedTurn.Start(conversation, conversation.Session ?? AgentSession.Disabled, span, tool, isRun);
        }
    }

    /// <summary>
    /// Starts a turn of an agent that was handed the work by another agent's turn. Under the same thread it goes on with what it did
    /// for that agent before.
    /// </summary>
    public static TracedTurn Handed(TracedTurn outer, in AgentFacts agent, string? threadId, IReadOnlyList<ChatMessage> messages, Activity? span)
    {
        var staysOpen = threadId is not null && outer.Conversation.EndsItself;
        var conversation = staysOpen ? outer.Conversation.Child(threadId!, agent.Key) : new Conversation(agent.Key, id: null);
        if (conversation.Session is not { IsEnabled: true })
        {
            Spawn(conversation, outer.Turn.Session, outer.TakeHandOff(), agent, messages, threadId);
        }

        var turn = TracedTurn.Start(conversation, conversation.Session!, span, spawnedBy: null, isRun: true, outer);
        if (!staysOpen)
        {
            outer.Turn.WhenSpanStops += conversation.CloseIfIdle;
        }

        return turn;
    }

    private static void Spawn(Conversation conversation, AgentSession parent, ToolCall? causedBy, in AgentFacts agent, IReadOnlyList<ChatMessage> messages, string? threadId = null)
    {
        var name = agent.Name ?? FunctionInvokingChatClient.CurrentContext?.Function.Name ?? "agent";
        conversation.Take(parent.SpawnAgent(Conversation.Of(parent).NameOfChild(name), causedBy, new()
        {
            ThreadId = threadId,
            AgentName = agent.Name,
            Nickname = agent.Name,
            Model = agent.Model,
            ProviderName = agent.ProviderName,
            Message = messages.LastOrDefault(static message => message.Role == ChatRole.User)?.Text,
        }));
    }
}
