using System.Text.Json;
using Microsoft.Extensions.AI;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class HandlesTests
{
    [Fact]
    public async Task The_same_run_told_by_handles_is_the_same_story()
    {
        var answers = new[] { Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny.") };
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(answers));
        await app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing()).GetResponseAsync("And?", new() { Tools = [Weather.Tool] });
        var byMiddleware = app.Bundle();

        await using var byHand = new TracedApplication(await ScriptedModel.StartAsync(answers));
        var session = RolloutTracing.StartSession(new() { Model = byHand.ModelName, ProviderName = "openai" });
        var turn = session.StartTurn();
        var first = Ask(turn, "chatcmpl-1", """{"model":"m","messages":[{"role":"user","content":"And?"}]}""", answers[0]);
        var tool = turn.StartToolCall(new() { Name = "weather", CallId = "call_1", Arguments = JsonPayload.OfJson("""{"city":"Oslo"}"""), CausedBy = first });
        tool.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_1","output":"\"sunny in Oslo\""}"""));
        Ask(turn, "chatcmpl-2", """
            {"model":"m","messages":[{"role":"user","content":"And?"},
            {"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},
            {"role":"tool","tool_call_id":"call_1","content":"\"sunny in Oslo\""}]}
            """, answers[1]);
        turn.Complete();
        session.Complete();

        Story.Of(byMiddleware).ShouldBe(Story.Of(byHand.Bundle()));
    }

    private static ModelRequest Ask(Turn turn, string id, string request, Answer answer)
    {
        var asked = turn.StartModelRequest(null, JsonPayload.OfJson(request));
        asked.Complete(id, new TokenUsage(100, 10, 40, 0, 4), JsonSerializer.SerializeToElement(answer.Whole(id)));
        return asked;
    }
}
