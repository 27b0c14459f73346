using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Extensions.AI.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>One run of an agent, which is a turn of its thread. No call throws; the first end counts.</summary>
internal sealed class TracedRun
{
    private readonly ExpectedSpan? expected;
    private TracedTurn? turn;
    private bool hasEnded;

    private TracedRun(in AgentFacts agent, string? threadId, ChatMessage[] messages, Surroundings around, bool expectsSpan)
    {
        var facts = agent;
        if (expectsSpan && !around.HasAgent)
        {
            expected = new ExpectedSpan(SpanNames.InvokeAgent, span => turn = Begin(facts, threadId, messages, around, span));
            expected.Expect();
        }
        else
        {
            turn = Begin(facts, threadId, messages, around, around.HasAgent ? around.TurnSpan : null);
        }
    }

    /// <summary>Whether anything is recorded.</summary>
    public static bool IsOn => RolloutActivitySource.Source.HasListeners();

    /// <summary>Starts the trace of a run; null if that fails, or the run belongs to a turn that somebody else has begun.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="threadId">The thread of the run's session; null if it has none.</param>
    /// <param name="messages">What the agent is given.</param>
    /// <param name="expectsSpan">Whether the agent inside will start a span for the run.</param>
    public static TracedRun? TryStart(in AgentFacts agent, string? threadId, ChatMessage[] messages, bool expectsSpan) =>
        Contain.Run(nameof(TracedRun), (agent, threadId, messages, expectsSpan), static s =>
        {
            ToolClaims.Listen();
            var around = Surroundings.Look();
            if (around.IsRecorded || (around.Turn is { } turn && !TracedTurn.Of(turn).IsRun))
            {
                return null;
            }

            return new TracedRun(s.agent, s.threadId, s.messages, around, s.expectsSpan);
        });

    /// <summary>The run has been handed on.</summary>
    public void Sent() => Contain.Run(nameof(Sent), this, static run => run.expected?.GiveUp());

    /// <summary>The caller goes on reading the stream.</summary>
    public void Resume() => Contain.Run(nameof(Resume), this, static run =>
    {
        if (run.expected is null && run.turn?.Turn.Activity is { IsStopped: false } span)
        {
            Activity.Current = span;
        }
    });

    /// <summary>The run is over; how its last request ended says how.</summary>
    public void Ended() => End(exception: null);

    /// <summary>The run ended by an exception, which the caller gets.</summary>
    public void Failed(Exception exception, CancellationToken cancellation) =>
        End(exception, exception is OperationCanceledException && cancellation.IsCancellationRequested);

    private void End(Exception? exception, bool isCancelled = false)
    {
        if (hasEnded)
        {
            return;
        }

        hasEnded = true;
        Contain.Run(nameof(Ended), (Run: this, exception, isCancelled), static s =>
        {
            s.Run.expected?.GiveUp();
            if (s.exception is not null)
            {
                s.Run.turn!.NotAnswered(s.isCancelled ? null : s.exception);
            }

            s.Run.turn!.End();
        });
    }

    private static TracedTurn Begin(in AgentFacts agent, string? threadId, ChatMessage[] messages, Surroundings around, Activity? span)
    {
        if (around.Tool is { } tool)
        {
            return TurnFinder.InTool(tool, agent, messages, span, threadId: threadId, isRun: true);
        }

        if ((around.Turn is { } outer ? TracedTurn.Of(outer) : TracedWorkflow.TurnOf(around.Workflow)) is { } handing)
        {
            return TurnFinder.Handed(handing, agent, threadId, messages, span);
        }

        var found = ConversationTable.Shared.Find(agent.Key, threadId, messages, isRun: true);
        return TurnFinder.Start(threadId is null ? found : found with { Rule = "ambient" }, agent, span, isRun: true, threadId);
    }
}
