using CodingAgent.Agents;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Agents;

/// <summary>Tells a helper something.</summary>
internal sealed class SendMessageTool(Agent agent, AgentTeam team) : Tool
{
    public override string Name => "send_message";

    public override ResponseTool Definition { get; } = Function(
        "send_message",
        "Tells a helper something that it sees when it next asks its model. It is not woken for it.",
        new()
        {
            ["target"] = Text("The helper's name or path."),
            ["message"] = Text("What to tell it."),
        });

    public override Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var helper = team.Find(agent, arguments.Text("target"));
        var message = new AgentMessage(agent.Path, arguments.Text("message"));
        call.MessageSent(helper.Agent.Session);
        helper.Tell(message);
        return Task.FromResult(new ToolOutput("sent"));
    }
}
