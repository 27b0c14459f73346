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
        ChatOptions options = new() { Tools = [new ApprovalRequiredAIFunction(Weather.Tool)] };
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        await AskAsync(client, history, options, streams);
        var asked = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new(ChatRole.User, [asked.CreateResponse(isApproved)]));
        await AskAsync(client, history, options, streams);
        history.Add(new(ChatRole.User, "Thanks"));
        await AskAsync(client, history, options, streams);

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

    [Fact]
    public async Task What_a_program_carries_out_itself_was_not_refused()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Oslo, Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        ChatOptions options = new() { Tools = [new ApprovalRequiredAIFunction(Weather.Tool)] };
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        await AskAsync(client, history, options, streams: false);
        history.Add(new(ChatRole.Tool, [new FunctionResultContent("call_1", "Tool call invocation was rejected by the approver.")]));
        await AskAsync(client, history, options, streams: false);

        Story.Of(app.Bundle()).ShouldContain("weather completed call_1");
    }

    private static async Task AskAsync(IChatClient client, List<ChatMessage> history, ChatOptions options, bool streams) =>
        history.AddMessages(streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options));
}
