using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>One run, recorded from spans, by the middleware and by handles: the same conversation, calls, edges and tokens.</summary>
public sealed partial class SameRunTests
{
    private static readonly Answer Oslo = Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""));
    private static readonly Answer Two = Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "broken", """{"city":"Rome"}"""));

    [Theory]
    [InlineData("plain", false)]
    [InlineData("plain", true)]
    [InlineData("tool", false)]
    [InlineData("tool", true)]
    [InlineData("tools of which one fails", false)]
    [InlineData("tools of which one fails", true)]
    [InlineData("several rounds", false)]
    [InlineData("failing", false)]
    [InlineData("failing", true)]
    [InlineData("failing later", false)]
    public async Task It_is_the_same_whoever_tells_it(string scenario, bool streams)
    {
        var bySpans = await StoryAsync(scenario, "FT", streams);
        var byMiddleware = await StoryAsync(scenario, "FR", streams);
        var byHandles = await HandledAsync(scenario);

        TextsAsSent(bySpans).ShouldBe(TextsAsSent(byMiddleware));
        byHandles.ShouldBe(byMiddleware);
    }

    [Fact]
    public async Task What_the_client_retries_is_seen_on_spans_alone()
    {
        var bySpans = await StoryAsync("again", "FT", streams: false);
        var byMiddleware = await StoryAsync("again", "FR", streams: false);

        bySpans.ShouldContain("    request failed: 1 items -> \n    request completed: 1 items");
        WithoutRetries(bySpans).ShouldBe(byMiddleware);
    }

    [Fact]
    public async Task A_model_that_a_function_asks_is_the_same_agent()
    {
        var stories = new List<string>();
        foreach (var order in (string[])["FT", "FR"])
        {
            await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
                request.LastUser == "Deep question" ? Answer.Says("42")
                : request.HasToolResult ? Answer.Says("It is 42.")
                : Answer.Asks(("call_1", "ask_expert", """{"question":"Deep question"}"""))));
            var client = app.Client(builder => Pipeline.In(order, builder, hasContent: true));
            var expert = AIFunctionFactory.Create(async (string question) => (await client.GetResponseAsync(question)).Text, "ask_expert");
            await client.GetResponseAsync("Ask the expert", new() { Tools = [expert] });
            stories.Add(TextsAsSent(Whole(app.Bundle())));
        }

        stories[0].ShouldBe(stories[1]);
    }

    [Theory]
    [InlineData("left")]
    [InlineData("cancelled")]
    public async Task A_stream_that_comes_to_no_end_is_the_same_from_spans_and_by_the_middleware(string scenario)
    {
        var bySpans = await StoryAsync(scenario, "FT", streams: true);
        var byMiddleware = await StoryAsync(scenario, "FR", streams: true);

        bySpans.ShouldBe(byMiddleware);
    }

    [Fact]
    public async Task Several_conversations_at_once_are_the_same_from_spans_and_by_the_middleware()
    {
        var stories = new List<string[]>();
        foreach (var order in (string[])["FT", "FR"])
        {
            await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.HasToolResult
                ? Answer.Says("Known: " + request.Seen[^1])
                : Answer.Asks(($"call_{request.LastUser}", "weather", $$"""{"city":"{{request.LastUser}}"}"""))));
            var client = app.Client(builder => Pipeline.In(order, builder, hasContent: true));
            await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
            {
                List<ChatMessage> history = [new(ChatRole.User, $"City{i}")];
                history.AddMessages(await client.GetResponseAsync(history, new() { Tools = [Weather.Tool] }));
                history.Add(new(ChatRole.User, $"Town{i}"));
                await client.GetStreamingResponseAsync(history, new() { Tools = [Weather.Tool] }).ToChatResponseAsync();
            }));
            stories.Add([.. app.Bundles().Select(Whole).Select(TextsAsSent).Order(StringComparer.Ordinal)]);
        }

        stories[0].Length.ShouldBe(64);
        stories[0].ShouldBe(stories[1]);
    }

    private static async Task<string> StoryAsync(string scenario, string order, bool streams)
    {
        var gate = scenario is "left" or "cancelled" ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        await using var app = new TracedApplication(await ScriptedModel.StartAsync([.. Answers(scenario).Select(answer => answer with { Gate = gate })]));
        var client = app.Client(builder => Pipeline.In(order, builder, hasContent: true), retries: scenario == "again" ? 1 : 0);
        ChatOptions options = new() { Tools = [Weather.Tool, Weather.Broken] };
        using var stop = new CancellationTokenSource();
        try
        {
            if (!streams)
            {
                await client.GetResponseAsync("And?", options);
            }
            else
            {
                await foreach (var update in client.GetStreamingResponseAsync("And?", options, stop.Token))
                {
                    if (scenario == "left")
                    {
                        break;
                    }

                    if (scenario == "cancelled")
                    {
                        await stop.CancelAsync();
                    }
                }
            }
        }
        catch (Exception e) when (e is System.ClientModel.ClientResultException or OperationCanceledException)
        {
            // That is the scenario.
        }

        gate?.TrySetResult();
        return Whole(app.Bundle());
    }

    // The same by hand: what a program's own loop says to the handles.
    private static async Task<string> HandledAsync(string scenario)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync([.. Answers(scenario)]));
        HandWritten.Run(Answers(scenario), app.ModelName);
        return Whole(app.Bundle());
    }

    private static Answer[] Answers(string scenario) => scenario switch
    {
        "tool" => [Oslo, Answer.Says("It is sunny.")],
        "tools of which one fails" => [Two, Answer.Says("It is sunny.")],
        "several rounds" => [Oslo, Answer.Asks(("call_3", "weather", """{"city":"Bern"}""")), Answer.Says("It is sunny.")],
        "again" => [Answer.Fails(500), Answer.Says("It is sunny.")],
        "failing" => [Answer.Fails(400)],
        "failing later" => [Oslo, Answer.Fails(400)],
        _ => [Answer.Says("It is sunny.")],
    };

    // Allowed to differ: OpenAI's client sends the text that a function gave as JSON, and spans have the text.
    private static string TextsAsSent(string story) => Quoted().Replace(story, "${before}${text}");

    // Allowed to differ: below the middleware the client asks again, which HTTP spans show.
    private static string WithoutRetries(string story) => story
        .Replace("    request failed: 1 items -> \n", "", StringComparison.Ordinal)
        .Replace("///: user: And?\n", "", StringComparison.Ordinal)
        .Replace("request_failed", "", StringComparison.Ordinal);

    [GeneratedRegex("(?<before>-> |output call_[A-Za-z0-9]+ |tool: )\"(?<text>[^\"|]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Quoted();

    // All that there is of a rollout but ids, times, and the JSON as it was given: of that only what it means.
    private static string Whole(OpenRollout rollout)
    {
        rollout.Diagnostics.ShouldBeEmpty();
        return Story.Of(rollout) + string.Join("\n", rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).Select((call, i) =>
            $"{call.Usage?.InputTokens}/{call.Usage?.CachedInputTokens}/{call.Usage?.OutputTokens}/{call.Usage?.ReasoningOutputTokens}: {string.Join(" | ", Story.Seen(rollout, i))}"))
            + "\n" + string.Join("\n", RolloutAnomalies.Find(rollout).Select(anomaly => anomaly.Code));
    }
}
