using System.Text.Json.Nodes;
using CodingAgent.Agents;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Agents;

/// <summary>Starts a helper.</summary>
internal sealed class SpawnAgentTool(Agent agent, AgentTeam team) : Tool
{
    public override string Name => "spawn_agent";

    public override ResponseTool Definition { get; } = Function(
        "spawn_agent",
        "Starts a helper that works on a task beside you. Its result comes with wait_agent.",
        new()
        {
            ["task_name"] = Text("Name of the helper: a-z, 0-9 and _."),
            ["message"] = Text("The task, with everything that the helper needs to know."),
        });

    public override Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var helper = team.Spawn(agent, arguments.Text("task_name"), arguments.Text("message"), call);
        var value = new JsonObject { ["agent_path"] = helper.Agent.Path };
        return Task.FromResult(new ToolOutput(value.ToJsonString(), value));
    }
}
