using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests.SameRun;

/// <summary>A scene as the loop of a program's own runs it, which tells the handles what it does.</summary>
internal sealed class ByHand(Scene scene, string model)
{
    private readonly Dictionary<string, int> helpers = [];
    private int responses;

    public static void Run(Scene scene, string model)
    {
        var loop = new ByHand(scene, model);
        using var session = RolloutTracing.StartSession(new() { AgentName = "planner", Nickname = "planner", Model = model, ProviderName = "openai" });
        var history = new JsonArray();
        foreach (var text in scene.Says)
        {
            using var turn = session.StartTurn();
            loop.Answer(turn, "planner", history, text);
        }

        session.Complete();
    }

    private string? Answer(Turn turn, string agent, JsonArray history, string text)
    {
        history.Add(new JsonObject { ["role"] = "user", ["content"] = text });
        var last = $"user: {text}";
        while (true)
        {
            var answer = scene.Script([$"system: You are {agent}.", last]);
            var id = $"chatcmpl-{++responses}";
            var request = turn.StartModelRequest(
                model, new JsonObject { ["model"] = model, ["instructions"] = $"You are {agent}.", ["input"] = history.DeepClone() }, new() { ProviderName = "openai" });
            if (answer.Status != 200)
            {
                request.Fail("HTTP 400", "400");
                turn.Fail("400");
                return null;
            }

            var items = Items(answer);
            request.Complete(id, new TokenUsage(100, 10, 40, 0, 4), JsonSerializer.SerializeToElement(items));
            foreach (var item in items)
            {
                history.Add(item!.DeepClone());
            }

            if (answer.Calls.Count == 0)
            {
                turn.Complete();
                return answer.Text;
            }

            foreach (var call in answer.Calls)
            {
                history.Add(Call(turn, request, call));
            }

            last = "tool: its results";
        }
    }

    private static JsonArray Items(Answer answer) => answer.Calls.Count == 0
        ? [new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = answer.Text }]
        : [.. answer.Calls.Select(call => new JsonObject { ["type"] = "function_call", ["call_id"] = call.Id, ["name"] = call.Name, ["arguments"] = call.Arguments })];

    private JsonObject Call(Turn turn, ModelRequest request, (string Id, string Name, string Arguments) call)
    {
        var tool = turn.StartToolCall(new() { Name = call.Name, CallId = call.Id, Arguments = JsonPayload.OfJson(call.Arguments), CausedBy = request });
        var arguments = JsonNode.Parse(call.Arguments)!;
        var text = call.Name switch
        {
            "weather" => $"sunny in {arguments["city"]}",
            "broken" => "Error: Function failed.",
            _ => Helped(turn.Session, tool, scene.Helpers.Single(helper => helper.Tool == call.Name).Agent, (string)arguments["query"]!),
        };
        var output = new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = text };
        if (call.Name == "broken")
        {
            tool.Fail("no station", "InvalidOperationException", output);
        }
        else
        {
            tool.Complete(output);
        }

        return output;
    }

    private string Helped(AgentSession planner, ToolCall tool, string agent, string query)
    {
        var count = helpers[agent] = helpers.GetValueOrDefault(agent) + 1;
        using var session = planner.SpawnAgent(
            count == 1 ? agent : $"{agent}_{count}", tool, new() { AgentName = agent, Nickname = agent, Model = model, ProviderName = "openai", Message = query });
        using var turn = session.StartTurn();
        var text = Answer(turn, agent, [], query)!;
        planner.ResultReceived(turn, text, ExecutionStatus.Completed, tool);
        session.Complete();
        return text;
    }
}
