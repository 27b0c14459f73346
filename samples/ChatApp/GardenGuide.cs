using System.ComponentModel;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace ChatApp;

/// <summary>The agents of this application: a guide that talks to visitors, with a tool, and with another agent as a tool.</summary>
internal static class GardenGuide
{
    public static AIAgent Create(IChatClient client)
    {
        var botanist = new ChatClientAgent(client, instructions: "You are a botanist. Answer in one sentence.", name: "botanist", description: "Knows what plants need.");
        var guide = new ChatClientAgent(
            client,
            instructions: "You help visitors with their gardens. Ask the botanist about plants.",
            name: "guide",
            tools: [AIFunctionFactory.Create(Forecast, "forecast"), Traced(botanist).AsAIFunction()]);
        return Traced(guide);
    }

    [Description("The weather of the days to come.")]
    private static string Forecast([Description("How many days.")] int days) =>
        string.Join(", ", Enumerable.Range(1, days).Select(day => $"day {day}: {8 + (day % 3)} degrees at night"));

    private static AIAgent Traced(AIAgent agent) => agent.AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
}
