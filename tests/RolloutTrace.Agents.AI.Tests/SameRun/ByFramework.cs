using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests.SameRun;

/// <summary>A scene as Agent Framework runs it, with what tells of it: the frameworks' own spans, the middleware, or both.</summary>
internal static class ByFramework
{
    public static async Task RunAsync(Scene scene, TracedApplication app, bool hasSpans, bool hasMiddleware, bool streams)
    {
        var helpers = scene.Helpers.Select(helper => Agent(app, helper.Agent, hasSpans, hasMiddleware, [Weather.Tool, Weather.Broken])
            .AsAIFunction(new AIFunctionFactoryOptions { Name = helper.Tool }));
        var planner = Agent(app, "planner", hasSpans, hasMiddleware, [Weather.Tool, Weather.Broken, .. helpers]);
        var session = await planner.CreateSessionAsync();
        foreach (var text in scene.Says)
        {
            try
            {
                _ = streams ? (await planner.RunStreamingAsync(text, session).ToListAsync()).Count : (await planner.RunAsync(text, session)).Messages.Count;
            }
            catch (System.ClientModel.ClientResultException)
            {
                // That is the scene.
            }
        }
    }

    private static AIAgent Agent(TracedApplication app, string name, bool hasSpans, bool hasMiddleware, AITool[] tools)
    {
        var client = app.Client(builder =>
        {
            _ = hasMiddleware ? builder.UseRolloutTracing() : builder;
            _ = hasSpans ? builder.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true) : builder;
        });
        var agent = new ChatClientAgent(client, instructions: $"You are {name}.", name: name, tools: [.. tools]).AsBuilder();
        agent = hasMiddleware ? agent.UseRolloutTracing() : agent;
        return (hasSpans ? agent.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true) : agent).Build();
    }
}
