using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// A turn as the middleware sees it: what its requests came to decides how it ended, where nobody else says it. Safe for concurrent
/// use.
/// </summary>
internal sealed class TracedTurn
{
    private static readonly ConditionalWeakTable<Turn, TracedTurn> Known = [];

    // Whose request had a message as its last.
    private static readonly ConditionalWeakTable<ChatMessage, TracedTurn> Askers = [];

    private readonly bool isOwn;
    private readonly TracedTurn? outer;
    private ToolCall? handOff;
    private int hasEnded;
    private volatile string lastText = string.Empty;
    private volatile Exception? lastFailure;
    private volatile bool lastWasCancelled;

    private TracedTurn(Turn turn, Conversation conversation, ToolCall? spawnedBy, bool isOwn, TracedTurn? outer = null)
    {
        this.isOwn = isOwn;
        this.outer = outer;
        Turn = turn;
        Conversation = conversation;
        SpawnedBy = spawnedBy;
        conversation.TurnStarted();
        turn.WhenSpanStops = SpanStopped;
    }

    public Turn Turn { get; }

    public Conversation Conversation { get; }

    /// <summary>The tool call whose agent this is; null if it is none's.</summary>
    public ToolCall? SpawnedBy { get; }

    /// <summary>Whether the turn is an agent's run, with a span of its own for that.</summary>
    public bool IsRun { get; init; }

    /// <summary>Whether a call that is carried out in it has a span: function invocation has them where it runs inside a span of its own or of an agent.</summary>
    public bool SeesRuns { get; set; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsRunning => Volatile.Read(ref hasEnded) == 0;

    /// <summary>How many requests of the turn have ended.</summary>
    public int Requests { get; private set; }

    /// <summary>The turn that a handle stands for; one of the caller's own if it is not known yet.</summary>
    public static TracedTurn Of(Turn turn) =>
        Known.GetValue(turn, static t => new TracedTurn(t, Conversation.Of(t.Session), spawnedBy: null, isOwn: false));

    /// <summary>
    /// The running turn whose request a further one goes on from: it repeats the very messages, and more has come since. For callers
    /// in asynchronous streams, where what was current is forgotten between updates.
    /// </summary>
    /// <param name="messages">What the further request shows.</param>
    /// <param name="last">The last message that may be one of those that were sent before.</param>
    public static TracedTurn? GoneOnFrom(IList<ChatMessage> messages, int last)
    {
        for (var i = last; i >= 0; i--)
        {
            if (Askers.TryGetValue(messages[i], out var turn))
            {
                return turn.IsRunning ? turn : null;
            }
        }

        return null;
    }

    /// <summary>Starts a turn that the middleware ends.</summary>
    public static TracedTurn Start(Conversation conversation, AgentSession session, Activity? span, ToolCall? spawnedBy, bool isRun = false, TracedTurn? outer = null)
    {
        var turn = session.StartTurn(new TurnOptions { Span = span });
        var traced = new TracedTurn(turn, conversation, spawnedBy, isOwn: true, outer) { IsRun = isRun, SeesRuns = isRun || span?.OperationName == SpanNames.ToolLoop };
        if (turn.IsEnabled)
        {
            Known.AddOrUpdate(turn, traced);
        }

        return traced;
    }

    /// <summary>Takes the call by which the agent that worked last in this turn has handed the work on; null if it has not.</summary>
    public ToolCall? TakeHandOff() => Interlocked.Exchange(ref handOff, null);

    /// <summary>A request of the turn goes out.</summary>
    public void Asked(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count > 0)
        {
            Askers.AddOrUpdate(messages[^1], this);
        }
    }

    /// <summary>A request of the turn has its whole response.</summary>
    public void Answered(ChatResponse response)
    {
        Requests++;
        lastText = ResponseFacts.LastText(response.Messages);
        lastFailure = null;
        lastWasCancelled = false;
    }

    /// <summary>A request of the turn has none.</summary>
    public void NotAnswered(Exception? failure)
    {
        Requests++;
        lastFailure = failure;
        lastWasCancelled = failure is null;
    }

    /// <summary>The turn is over, whichever way its last request went.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref hasEnded, 1) != 0)
        {
            return;
        }

        var isUnanswered = ToolResults.GiveUp(this);
        foreach (var call in Conversation.HandOffs(Turn))
        {
            // Nobody answers it before the agent is asked again, if it ever is.
            var handle = ToolClaims.Start(Turn, call, span: null);
            handle.Complete(default);
            outer?.handOff = handle;
        }

        var status = EndTurn();
        Conversation.WasGivenUp = isUnanswered || status != ExecutionStatus.Completed;
        Conversation.TurnEnded();
        if (SpawnedBy is { } tool)
        {
            tool.Turn.Session.ResultReceived(Turn, lastText, status, tool);
        }
    }

    private ExecutionStatus EndTurn()
    {
        if (lastFailure is { } failure)
        {
            Turn.Fail(failure);
            return ExecutionStatus.Failed;
        }

        if (lastWasCancelled)
        {
            Turn.Cancel();
            return ExecutionStatus.Cancelled;
        }

        Turn.Complete();
        return ExecutionStatus.Completed;
    }

    private void SpanStopped()
    {
        if (isOwn)
        {
            End();
        }
        else if (Interlocked.Exchange(ref hasEnded, 1) == 0)
        {
            ToolResults.GiveUp(this);
            Conversation.TurnEnded();
        }
    }
}
