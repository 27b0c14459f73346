using System.Text.Json;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>Calls that somebody has to agree to, where the program keeps the history itself.</summary>
public sealed class ApprovalTests
{
    private static readonly Answer Oslo = Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""));

    [Theory]
    [InlineData("FR", true, false)]
    [InlineData("FR", false, true)]
    [InlineData("FTR", true, true)]
    [InlineData("FTR", false, false)]
    public async Task A_call_that_somebody_has_to_agree_to_is_carried_out_in_a_later_turn_of_the_conversation(string order, bool isApproved, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Oslo, Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        var options = Careful();
        var history = await AskedAndAnsweredAsync(client, options, streams, isApproved);
        await ThankAsync(client, history, options, streams);

        app.Model.Requests.Count.ShouldBe(3);
        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        Story.Of(rollout).ReplaceLineEndings("\n").ShouldBe(
            $$"""
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"} (100/10)
              turn completed
                weather {{(isApproved ? "completed" : "cancelled")}} call_1 -> {{(isApproved ? "\"sunny in Oslo\"" : "Tool call invocation was rejected by the approver and must not be retried.")}}
                request completed: 3 items -> assistant: It is sunny. (100/10)
              turn completed
                request completed: 5 items -> assistant: Bye. (100/10)

            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("FR", false)]
    [InlineData("FTR", true)]
    public async Task Where_histories_are_stored_and_read_again_each_call_is_carried_out_in_its_conversation(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.HasToolResult ? Answer.Says("It is sunny.") : request.LastUser == "And?" ? Answer.Asks(($"call_{request.Messages.Count}", "weather", """{"city":"Oslo"}""")) with { Text = streams ? "" : null } : Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        var options = Careful();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async user =>
        {
            // All ask for the same, and their calls have the same id.
            List<ChatMessage> history = [new(ChatRole.User, $"I am {user}")];
            await AskAsync(client, history, options, streams);
            for (var round = 0; round < 2; round++)
            {
                history = [.. Stored(history), new(ChatRole.User, "And?")];
                await AskAsync(client, history, options, streams);
                history = Stored(history);
                var asked = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Last();
                history = Stored([.. history, new(ChatRole.User, [asked.CreateResponse(approved: true)])]);
                await AskAsync(client, history, options, streams);
            }

            history = [.. Stored(history), new(ChatRole.User, "Thanks")];
            await AskAsync(client, history, options, streams);
        }));

        var bundles = app.Bundles();
        bundles.Count.ShouldBe(8);
        foreach (var rollout in bundles)
        {
            RolloutAnomalies.Find(rollout).ShouldBeEmpty();
            (rollout.Graph.CodexTurns.Count, rollout.Graph.InferenceCalls.Count, rollout.Graph.ToolCalls.Count).ShouldBe((6, 6, 2));
        }
    }

    [Theory]
    [InlineData("FR", false)]
    [InlineData("FR", true)]
    [InlineData("FTR", false)]
    [InlineData("FTR", true)]
    [InlineData("FRT", true)]
    public async Task A_call_that_another_process_has_asked_for_is_carried_out_in_the_turn_that_begins_with_it(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        var options = Careful();
        var asked = new ToolApprovalRequestContent("r1", new FunctionCallContent("call_1", "weather", new Dictionary<string, object?> { ["city"] = "Oslo" }));
        List<ChatMessage> history = [new(ChatRole.User, "And?"), new(ChatRole.Assistant, [asked]), new(ChatRole.User, [asked.CreateResponse(approved: true)])];
        await AskAsync(client, history, options, streams);
        await ThankAsync(client, history, options, streams);

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        Story.Of(rollout).ReplaceLineEndings("\n").ShouldBe(
            """
            /root completed
              turn completed
                weather completed call_1 -> "sunny in Oslo"
                request completed: 3 items -> assistant: It is sunny. (100/10)
              turn completed
                request completed: 5 items -> assistant: Bye. (100/10)

            """.ReplaceLineEndings("\n"));
    }

    private static List<ChatMessage> Stored(List<ChatMessage> history) =>
        JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    [Theory]
    [InlineData("FR", true, "")]
    [InlineData("FTR", false, "")]
    [InlineData("RF", true, "")]
    [InlineData("RFT", false, "")]
    [InlineData("RFT", false, "Let me see.")]
    [InlineData("RF", false, "Let me see.")]
    public async Task A_text_before_a_call_that_was_held_back_is_no_answer_of_its_own_and_one_that_says_nothing_is_in_no_request(string order, bool streams, string text)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Oslo with { Text = text }, Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        var options = Careful();
        var history = await AskedAndAnsweredAsync(client, options, streams, true);
        await ThankAsync(client, history, options, streams);

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        rollout.Graph.InferenceCalls.Count.ShouldBe(3);
        Story.Seen(rollout, 2).ShouldBe(["user: And?", .. text.Length > 0 ? (string[])[$"assistant: {text}"] : [], """call call_1 {"city":"Oslo"}""", "output call_1 \"sunny in Oslo\"", "assistant: It is sunny.", "user: Thanks"]);
    }

    [Theory]
    [InlineData("FR", false)]
    [InlineData("RF", true)]
    public async Task An_answer_that_says_nothing_is_one_where_no_call_was_held_back(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says(""), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        await AskAsync(client, history, new ChatOptions(), streams);
        history = [new(ChatRole.User, "And?"), new(ChatRole.Assistant, ""), new(ChatRole.User, "Thanks")];
        await AskAsync(client, history, new ChatOptions(), streams);

        Story.Seen(app.Bundle(), 1).ShouldBe(["user: And?", "assistant: ", "user: Thanks"]);
    }

    [Theory]
    [InlineData("FTR", false)]
    [InlineData("RF", true)]
    [InlineData("RFT", true)]
    public async Task Of_two_calls_the_one_that_was_refused_stands_first_as_the_model_is_shown_them(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "weather", """{"city":"Bergen"}""")), Answer.Says("It is sunny.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        await AskedAndAnsweredAsync(client, Careful(), streams, true, false);

        Story.Seen(app.Bundle(), 1).ShouldBe(
        [
            "user: And?", """call call_2 {"city":"Bergen"}""", """call call_1 {"city":"Oslo"}""",
            "output call_2 Tool call invocation was rejected by the approver and must not be retried.", "output call_1 \"sunny in Oslo\"",
        ]);
    }

    [Theory]
    [InlineData("RF", false)]
    [InlineData("RF", true)]
    [InlineData("FR", true)]
    [InlineData("FTR", true)]
    [InlineData("RFT", true)]
    public async Task After_two_calls_of_which_one_was_refused_the_conversation_goes_on(string order, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "weather", """{"city":"Bergen"}""")), Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var client = app.Client(builder => Pipeline.In(order, builder));
        var options = Careful();
        var history = await AskedAndAnsweredAsync(client, options, streams, true, false);
        await ThankAsync(client, history, options, streams);

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        Story.Seen(rollout, 2).ShouldBe(
        [
            "user: And?", """call call_2 {"city":"Bergen"}""", """call call_1 {"city":"Oslo"}""",
            "output call_2 Tool call invocation was rejected by the approver and must not be retried.", "output call_1 \"sunny in Oslo\"", "assistant: It is sunny.", "user: Thanks",
        ]);
    }

    [Fact]
    public async Task What_a_program_carries_out_itself_was_not_refused()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Oslo, Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        var options = Careful();
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        await AskAsync(client, history, options, streams: false);
        history.Add(new(ChatRole.Tool, [new FunctionResultContent("call_1", "Tool call invocation was rejected by the approver.")]));
        await AskAsync(client, history, options, streams: false);

        Story.Of(app.Bundle()).ShouldContain("weather completed call_1");
    }

    // Asks for what has to be agreed to, and says of each call, in their order, whether it is.
    private static async Task<List<ChatMessage>> AskedAndAnsweredAsync(IChatClient client, ChatOptions options, bool streams, params bool[] isApproved)
    {
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        await AskAsync(client, history, options, streams);
        var asked = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().ToList();
        asked.Count.ShouldBe(isApproved.Length);
        history.Add(new(ChatRole.User, [.. asked.Zip(isApproved, static (request, isApproved) => request.CreateResponse(isApproved))]));
        await AskAsync(client, history, options, streams);
        return history;
    }

    private static Task ThankAsync(IChatClient client, List<ChatMessage> history, ChatOptions options, bool streams)
    {
        history.Add(new(ChatRole.User, "Thanks"));
        return AskAsync(client, history, options, streams);
    }

    private static ChatOptions Careful() => new() { Tools = [new ApprovalRequiredAIFunction(Weather.Tool)] };

    private static async Task AskAsync(IChatClient client, List<ChatMessage> history, ChatOptions options, bool streams) =>
        history.AddMessages(streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options));
}
