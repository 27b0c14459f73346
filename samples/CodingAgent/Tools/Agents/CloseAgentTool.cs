using CodingAgent.Agents;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Agents;

/// <summary>Ends a helper.</summary>
internal sealed class CloseAgentTool(Agent agent, AgentTeam team) : Tool
{
    public override string Name => "close_agent";

    public override ResponseTool Definition { get; } = Function(
        "close_agent",
        "Ends a helper that is no longer needed, in the middle of its work if it is at work.",
        new() { ["target"] = Text("The helper's name or path.") });

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var helper = team.Find(agent, arguments.Text("target"));
        call.AgentClosed(helper.Agent.Session);
        await team.CloseAsync(helper);
        return new ToolOutput("closed");
    }
}
