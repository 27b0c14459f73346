using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>An agent's loop of a program's own, which tells the handles what it does.</summary>
internal static class HandWritten
{
    public static void Run(IReadOnlyList<Answer> answers, string model)
    {
        using var session = RolloutTracing.StartSession(new() { Model = model, ProviderName = "openai" });
        using var turn = session.StartTurn();
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "And?" });
        for (var i = 0; i < answers.Count; i++)
        {
            var id = $"chatcmpl-{i + 1}";
            var request = turn.StartModelRequest(null, new JsonObject { ["model"] = model, ["messages"] = messages.DeepClone() });
            if (answers[i].Status != 200)
            {
                request.Fail("HTTP 400", "400");
                turn.Fail("400");
                break;
            }

            request.Complete(id, usage: null, JsonSerializer.SerializeToElement(answers[i].Whole(id)));
            messages.Add(answers[i].Whole(id)["choices"]![0]!["message"]!.DeepClone());
            foreach (var call in answers[i].Calls)
            {
                messages.Add(Call(turn, request, call));
            }
        }

        turn.Complete();
        session.Complete();
    }

    private static JsonNode Call(Turn turn, ModelRequest request, (string Id, string Name, string Arguments) call)
    {
        var tool = turn.StartToolCall(new() { Name = call.Name, CallId = call.Id, Arguments = JsonPayload.OfJson(call.Arguments), CausedBy = request });
        var text = call.Name == "broken" ? "Error: Function failed." : JsonSerializer.Serialize($"sunny in {(string)JsonNode.Parse(call.Arguments)!["city"]!}");
        var output = new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = text };
        JsonPayload item = new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = text };
        if (call.Name == "broken")
        {
            tool.Fail("no station", "InvalidOperationException", item);
        }
        else
        {
            tool.Complete(item);
        }

        return output;
    }
}
