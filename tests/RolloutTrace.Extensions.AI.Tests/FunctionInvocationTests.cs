using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class FunctionInvocationTests
{
    private static readonly Answer TwoCalls = Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "broken", """{"city":"Rome"}"""));

    private const string WholeStory =
        """
        /root completed
          turn completed
            request completed: 1 items -> call call_1 {"city":"Oslo"}, call call_2 {"city":"Rome"} (100/10)
            weather completed call_1 -> "sunny in Oslo"
            broken failed call_2 -> Error: Function failed.
            request completed: 5 items -> assistant: It is sunny. (100/10)

        """;

    [Fact]
    public async Task A_function_that_nobody_has_was_not_carried_out()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "forecast", "{}")), Answer.Says("It is sunny."), Answer.Asks(("call_3", "weather", """{"city":"Rome"}""")), Answer.Says("Sorry.")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());

        // What the program has of functions beside what it offers is carried out as any other.
        var given = app.Client(builder => builder.UseFunctionInvocation(configure: loop => loop.AdditionalTools = [Weather.Tool]).UseRolloutTracing());
        await client.GetResponseAsync("And the weather?", new() { Tools = [Weather.Tool] });
        await given.GetResponseAsync("And here?");

        app.Bundles().SelectMany(rollout => rollout.Graph.ToolCalls.Values).Select(call => $"{call.Kind.Name} {call.ToolCallId} {call.Execution.Status}")
            .ShouldBe(["weather call_1 Completed", "forecast call_2 Failed", "weather call_3 Completed"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_that_changes_the_arguments_of_a_call_goes_on_with_its_conversation(bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var client = app.Client(builder => builder.UseFunctionInvocation(configure: loop => loop.FunctionInvoker = (context, stop) =>
        {
            context.CallContent.Arguments!["city"] = context.Arguments["city"] = "Bergen";
            return context.Function.InvokeAsync(context.Arguments, stop);
        }).UseRolloutTracing());
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        foreach (var next in (string[])["Thanks", "end"])
        {
            var options = Weather.Options(Weather.Tool);
            var response = streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options);

            // As what was stored and is read again: other objects, with the same contents.
            history = [.. history, .. response.Messages, new(ChatRole.User, next)];
            history = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
        }

        Story.Seen(app.Bundle(), 2).ShouldBe(
            ["user: And?", """call call_1 {"city":"Bergen"}""", "output call_1 \"sunny in Bergen\"", "assistant: It is sunny.", "user: Thanks"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inside_function_invocation_each_request_and_each_call_is_recorded_as_the_model_saw_it(bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(TwoCalls, Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());

        (await AskAsync(client, "And the weather?", streams)).ShouldBe("It is sunny.");

        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(WholeStory);
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).Select(anomaly => anomaly.Code).ShouldBe(["call_failed"]);
        var failed = rollout.Graph.ToolCalls.Values.Single(call => call.Kind.Name == "broken");
        JsonNode.Parse(rollout.Bundle!.ReadPayload(rollout.Graph.RawPayloads[failed.RawResultPayloadId!]).Span)!["error"]!.ToString().ShouldContain("no station");
        Story.Seen(rollout, 1).ShouldBe(
        [
            "user: And the weather?",
            """call call_1 {"city":"Oslo"}""",
            """call call_2 {"city":"Rome"}""",
            "output call_1 \"sunny in Oslo\"",
            "output call_2 Error: Function failed.",
        ]);
        app.Model.Requests.Last().Seen.Select(line => line.ReplaceLineEndings(" ").Replace("  ", "", StringComparison.Ordinal)).ShouldBe(
        [
            "system: Be brief.",
            "user: And the weather?",
            """assistant: call_1 weather { "city": "Oslo" } call_2 broken { "city": "Rome" }""",
            "tool: \"sunny in Oslo\"",
            "tool: Error: Function failed.",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outside_function_invocation_the_same_is_told_from_what_comes_out(bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(TwoCalls, Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseRolloutTracing().UseFunctionInvocation());

        (await AskAsync(client, "And the weather?", streams)).ShouldBe("It is sunny.");

        // Of an answer that did not stream the sum of the tokens is known, and stands at the last request.
        var expected = streams
            ? WholeStory
            : WholeStory.Replace("\"Rome\"} (100/10)", "\"Rome\"}", StringComparison.Ordinal).Replace("sunny. (100/10)", "sunny. (200/20)", StringComparison.Ordinal);
        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(expected);
        rollout.Diagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("FR", false)]
    [InlineData("RF", true)]
    [InlineData("RFT", true)]
    public async Task A_function_that_ends_the_loop_is_followed_by_no_request(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Asks(("call_1", "stop", "{}")), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => { FunctionInvokingChatClient.CurrentContext!.Terminate = true; return "stopped"; }, "stop")] };
        List<ChatMessage> history = [new(ChatRole.User, "Stop")];
        history.AddMessages(streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options));
        history.Add(new(ChatRole.User, "Thanks"));
        history.AddMessages(await client.GetResponseAsync(history, options));

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {} (100/10)
                stop completed call_1 -> "stopped"
              turn completed
                request completed: 4 items -> assistant: Bye. (100/10)

            """);
    }

    [Fact]
    public async Task A_call_ends_when_it_has_run_and_not_when_those_after_it_have()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "slow", "{}")), Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        var slow = AIFunctionFactory.Create(
            () =>
            {
                var began = DateTimeOffset.UtcNow;
                SpinWait.SpinUntil(() => DateTimeOffset.UtcNow - began > TimeSpan.FromMilliseconds(5));
            },
            "slow");
        await client.GetResponseAsync("And?", new() { Tools = [Weather.Tool, slow] });

        var rollout = app.Bundle();
        var calls = rollout.Graph.ToolCalls.Values.OrderBy(call => call.Execution.StartedSeq).Select(call => call.Execution).ToList();
        calls[0].EndedAtUnixMs!.Value.ShouldBeLessThanOrEqualTo(calls[1].StartedAtUnixMs);
        (calls[1].EndedAtUnixMs!.Value - calls[1].StartedAtUnixMs).ShouldBeGreaterThan(3);
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
    }

    private static async Task<string> AskAsync(IChatClient client, string text, bool streams)
    {
        var options = Weather.Options(Weather.Tool, Weather.Broken);
        if (!streams)
        {
            return (await client.GetResponseAsync(text, options)).Text;
        }

        return (await client.GetStreamingResponseAsync(text, options).ToChatResponseAsync()).Messages[^1].Text;
    }
}
