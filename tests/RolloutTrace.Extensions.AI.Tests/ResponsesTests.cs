using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>The Responses API, where the history is kept by the service or by the program.</summary>
public sealed class ResponsesTests
{
    private static readonly string[] Questions = ["One?", "Weather?", "Three?"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_of_responses_that_a_service_gives_again_join_no_two_conversations(bool sideBySide)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync());
        var (one, other) = (Service(), Service());
        if (sideBySide)
        {
            for (var turn = 0; turn < 3; turn++)
            {
                await one();
                await other();
            }
        }
        else
        {
            foreach (var ask in (Func<Task>[])[one, one, one, other, other, other])
            {
                await ask();
            }
        }

        // Of those side by side nobody knows whose response is meant: they fall apart, and none is another's.
        var rollouts = app.Bundles();
        rollouts.ShouldAllBe(rollout => rollout.Graph.InferenceCalls.Values.Select(call => call.ResponseId).Distinct().Count() == rollout.Graph.InferenceCalls.Count);
        rollouts.Sum(rollout => rollout.Graph.InferenceCalls.Count).ShouldBe(6);
        if (!sideBySide)
        {
            rollouts.Select(rollout => rollout.Graph.CodexTurns.Count).ShouldBe([3, 3]);
        }

        // A service of its own each, that counts from one.
        Func<Task> Service()
        {
            var client = new ScriptedResponses(isStored: true, _ => Answer.Says("Yes.")).Client(app.ModelName, builder => builder.UseRolloutTracing());
            string? last = null;
            return async () => last = (await client.GetResponseAsync("And?", new() { ConversationId = last })).ConversationId;
        }
    }

    [Theory]
    [InlineData("FR", true, false)]
    [InlineData("FR", true, true)]
    [InlineData("FR", false, false)]
    [InlineData("FR", false, true)]
    [InlineData("RF", true, false)]
    [InlineData("RF", true, true)]
    [InlineData("FTR", true, false)]
    public async Task A_conversation_whose_whole_history_the_program_sends_each_time_is_one_thread(string order, bool isStored, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync());
        var model = new ScriptedResponses(isStored, Script);
        var client = model.Client(app.ModelName, builder => Pipeline.In(order, builder));
        List<ChatMessage> history = [];
        foreach (var question in Questions)
        {
            history.Add(new(ChatRole.User, question));
            history.AddMessages(await AskAsync(client, history, Weather.Options(Weather.Tool), streams));
        }

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        var perRequest = order[0] == 'F' || streams;
        Story.Of(rollout).ReplaceLineEndings("\n").ShouldBe(
            $$"""
            /root completed
              turn completed
                request completed: 1 items -> assistant: Answer to One? (100/10)
              turn completed
                request completed: 3 items -> call call_1 {"city":"Oslo"}{{(perRequest ? " (100/10)" : "")}}
                weather completed call_1 -> "sunny in Oslo"
                request completed: 5 items -> assistant: It is sunny. {{(perRequest ? "(100/10)" : "(200/20)")}}
              turn completed
                request completed: 7 items -> assistant: Answer to Three? (100/10)

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Conversations_that_say_the_same_at_once_stay_apart_whoever_keeps_the_history()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync());
        var model = new ScriptedResponses(isStored: true, Script);
        var client = model.Client(app.ModelName, builder => Pipeline.In("FR", builder));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            List<ChatMessage> history = [];
            ChatResponse? before = null;
            foreach (var question in (string[])[.. Questions, $"Town {i}?"])
            {
                // A third sends the whole history, a third names the response before, a third streams.
                history.Add(new(ChatRole.User, question));
                var options = Weather.Options(Weather.Tool);
                options.ConversationId = i % 3 == 1 ? before?.ConversationId : null;
                before = await AskAsync(client, i % 3 == 1 ? history[^1..] : history, options, i % 3 == 2);
                history.AddMessages(before);
            }
        }));

        var bundles = app.Bundles();
        bundles.Count.ShouldBe(64);
        bundles.Select(rollout => Story.Of(rollout).Split("Town ")[1]).Distinct().Count().ShouldBe(64);
        bundles.Select(rollout => string.Join(',', RolloutAnomalies.Find(rollout).Select(found => found.Code)) + Shape(rollout)).Distinct().ShouldBe(["4 turns, 5 requests, 9 items at last"]);
    }

    private static string Shape(OpenRollout rollout) =>
        $"{rollout.Graph.CodexTurns.Count} turns, {rollout.Graph.InferenceCalls.Count} requests, {rollout.Graph.InferenceCalls.Values.MaxBy(call => call.Execution.StartedSeq)!.RequestItemIds.Count} items at last";

    private static async Task<ChatResponse> AskAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options, bool streams) =>
        streams ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);

    private static Answer Script(JsonArray input)
    {
        var last = input[^1]!;
        var text = (string?)last["content"]?[0]?["text"] ?? "";
        return (string?)last["type"] == "function_call_output" ? Answer.Says("It is sunny.")
            : text == "Weather?" ? Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""))
            : Answer.Says($"Answer to {text}");
    }

    [Fact]
    public async Task An_answer_that_is_asked_for_by_a_token_is_of_the_conversation_that_got_the_token()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Bye.")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing().Use(inner => new LaterAnswers(inner)));
        List<ChatMessage> history = [new(ChatRole.User, "Think")];
        ChatOptions options = new() { AllowBackgroundResponses = true };
        var response = await client.GetResponseAsync(history, options);
        while (response.ContinuationToken is { } token)
        {
            response = await client.GetResponseAsync([], new() { AllowBackgroundResponses = true, ContinuationToken = token });
        }

        history.AddMessages(response);
        history.Add(new(ChatRole.User, "Thanks"));
        await client.GetResponseAsync(history);

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        rollout.Graph.CodexTurns.Count.ShouldBe(4);
        Story.Seen(rollout, 3).ShouldBe(["user: Think", "assistant: Thought.", "user: Thanks"]);
    }

    private sealed class LaterAnswers(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var asked = options?.ContinuationToken?.ToBytes().Length ?? 0;
            return options?.AllowBackgroundResponses != true ? base.GetResponseAsync(messages, options, cancellationToken)
                : Task.FromResult(asked == 2 ? new ChatResponse(new ChatMessage(ChatRole.Assistant, "Thought.")) { ResponseId = "later_1" }
                : new ChatResponse([]) { ResponseId = "later_1", ContinuationToken = ResponseContinuationToken.FromBytes(new byte[asked + 1]) });
        }
    }
}
