using CodingAgent.Agents;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Agents;

/// <summary>Gives a helper another task.</summary>
internal sealed class FollowupTaskTool(Agent agent, AgentTeam team) : Tool
{
    public override string Name => "followup_task";

    public override ResponseTool Definition { get; } = Function(
        "followup_task",
        "Gives a helper another task. It remembers what it did before. Its result comes with wait_agent.",
        new()
        {
            ["target"] = Text("The helper's name or path."),
            ["message"] = Text("The task."),
        });

    public override Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var helper = team.Find(agent, arguments.Text("target"));
        var task = new AgentMessage(agent.Path, arguments.Text("message"));
        call.TaskAssigned(helper.Agent.Session);
        helper.Give(task);
        return Task.FromResult(new ToolOutput("assigned"));
    }
}
