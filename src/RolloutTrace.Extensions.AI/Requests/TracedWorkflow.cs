using System.Diagnostics;
using System.Runtime.CompilerServices;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>Workflows of Agent Framework that have spans: each run of one is a turn of the thread of its session, and the agents in it were handed the work.</summary>
internal static class TracedWorkflow
{
    private static readonly ConditionalWeakTable<Activity, TracedTurn> Turns = [];

    /// <summary>The turn that the span of a workflow's run is, started now if it is not yet; null if there is no such span.</summary>
    public static TracedTurn? TurnOf(Activity? span)
    {
        if (span is null)
        {
            return null;
        }

        lock (Turns)
        {
            return Turns.GetValue(span, static run => Start(run));
        }
    }

    private static TracedTurn Start(Activity run)
    {
        var session = run.Parent is { OperationName: SpanNames.WorkflowSession } around ? around : run;
        var agent = new AgentFacts { Name = "workflow" };
        var found = ConversationTable.Shared.Find(agent.Key, $"{session.TraceId}-{session.SpanId}", []);
        return TurnFinder.Start(found with { Rule = "own" }, agent, run, isRun: true);
    }
}
