using System.Text.Json.Nodes;
using CodingAgent.Agents;
using OpenAI.Responses;
using RolloutTrace;
using RolloutTrace.Bundle;

namespace CodingAgent.Tools.Agents;

/// <summary>Waits for a helper's result.</summary>
internal sealed class WaitAgentTool(Agent agent, AgentTeam team) : Tool
{
    private const int DefaultTimeout = 60_000;

    public override string Name => "wait_agent";

    public override ResponseTool Definition { get; } = Function(
        "wait_agent",
        "Waits until a helper has a result, which you then see as a message from it.",
        new()
        {
            ["target"] = Text("The helper's name or path; any helper by default."),
            ["timeout_ms"] = Number($"How long to wait; {DefaultTimeout} by default."),
        },
        "target", "timeout_ms");

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var helpers = arguments.OptionalText("target") is { } target ? [team.Find(agent, target)] : team.HelpersOf(agent).ToList();
        var sought = helpers.Select(h => h.Agent.Path).ToHashSet(StringComparer.Ordinal);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(arguments.OptionalNumber("timeout_ms") ?? DefaultTimeout);
        try
        {
            while (true)
            {
                // Asked for before the looks, so that what comes between them and the wait ends the wait.
                var changed = agent.Mailbox.Changed;
                var busy = helpers.Any(h => h.IsBusy);
                if (agent.Mailbox.ResultsOf(sought) is { Count: > 0 } results)
                {
                    agent.ReadResults();
                    return Output(results, timedOut: false);
                }

                if (!busy)
                {
                    throw new ToolException("No helper is at work.");
                }

                await changed.WaitAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Output([], timedOut: true);
        }
    }

    private static ToolOutput Output(IEnumerable<AgentResult> results, bool timedOut)
    {
        var status = new JsonObject();
        foreach (var result in results)
        {
            status[result.Author] = result.Status == ExecutionStatus.Completed ? "completed" : "failed";
        }

        var value = new JsonObject { ["status"] = status, ["timed_out"] = timedOut };
        return new ToolOutput(value.ToJsonString(), value);
    }
}
