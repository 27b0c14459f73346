using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>Chat reducers, which show the model another history than the program keeps.</summary>
public sealed class ReducerTests
{
    private static readonly string[] Questions = ["One?", "Two?", "Three?", "Weather?", "Five?", "Six?"];

    [Fact]
    public async Task A_history_without_its_beginning_goes_on_in_its_thread_and_is_a_compaction()
    {
        await using var app = new TracedApplication(await StartAsync());

        await TalkAsync(app.Client(builder => In("CFR", builder, new MessageCountingChatReducer(3))), streams: false);

        Sound(app).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 2 items -> assistant: Answer to One? (100/10)
              turn completed
                request completed: 4 items -> assistant: Answer to Two? (100/10)
              turn completed
                compaction of 0 requests: 5 items -> system: Be brief., user: Two?, assistant: Answer to Two?
                request completed: 4 items -> assistant: Answer to Three? (100/10)
              turn completed
                compaction of 0 requests: 5 items -> system: Be brief., user: Three?, assistant: Answer to Three?
                request completed: 4 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> "sunny in Oslo"
                request completed: 6 items -> assistant: It is sunny. (100/10)
              turn completed
                compaction of 0 requests: 7 items -> system: Be brief., user: Weather?, assistant: It is sunny.
                request completed: 4 items -> assistant: Answer to Five? (100/10)
              turn completed
                compaction of 0 requests: 5 items -> system: Be brief., user: Five?, assistant: Answer to Five?
                request completed: 4 items -> assistant: Answer to Six? (100/10)

            """);
    }

    [Theory]
    [InlineData("CFR", true, false)]
    [InlineData("CFR", true, true)]
    [InlineData("CFR", false, false)]
    [InlineData("CFTR", true, false)]
    [InlineData("CFRT", true, true)]
    [InlineData("FCR", true, false)]
    [InlineData("FCR", true, true)]
    [InlineData("FCR", false, true)]
    [InlineData("FCRT", true, false)]
    public async Task A_history_that_a_reducer_sums_up_goes_on_in_its_thread_and_is_a_compaction(string order, bool isSummariserTraced, bool streams)
    {
        await using var app = new TracedApplication(await StartAsync());
        var summariser = app.Client(builder => In(isSummariserTraced ? "R" : string.Empty, builder));

        await TalkAsync(app.Client(builder => In(order, builder, new SummarizingChatReducer(summariser, 2, 1))), streams);

        var story = Sound(app, order[0] == 'F' ? "call_without_output" : null);
        var summed = Count(story, "    compaction of");
        summed.ShouldBeGreaterThanOrEqualTo(3);
        Count(story, "    request completed").ShouldBe(7);
        Count(story, "    compaction request completed").ShouldBe(isSummariserTraced ? summed : 0);
        Count(story, $"    compaction of {(isSummariserTraced ? 1 : 0)} requests").ShouldBe(summed);
        story.ShouldContain("requests: 5 items -> system: Be brief., assistant: In short, 3 messages., user: Two?, assistant: Answer to Two?\n");
        story.ShouldContain("weather completed call_1 -> \"sunny in Oslo\"");
    }

    [Fact]
    public async Task A_summary_by_another_model_is_a_compaction_of_the_thread_it_is_of()
    {
        await using var app = new TracedApplication(await StartAsync());
        var summariser = app.Client(builder => builder.ConfigureOptions(options => options.ModelId = "small").UseRolloutTracing(options => options.AgentName = "summariser"));

        await TalkAsync(app.Client(builder => In("CFR", builder, new SummarizingChatReducer(summariser, 2, 1))), streams: false, who: app.ModelName + " ");

        Count(Sound(app), "    compaction of 1 requests").ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task Conversations_that_are_summed_up_side_by_side_stay_apart()
    {
        await using var app = new TracedApplication(await StartAsync());
        var summariser = app.Client(builder => In("R", builder));
        var client = app.Client(builder => In("CFR", builder, new SummarizingChatReducer(summariser, 2, 1)));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => TalkAsync(client, streams: i % 2 == 0, who: $"{i}: ")));

        var bundles = app.Bundles();
        bundles.Count.ShouldBe(16);
        foreach (var rollout in bundles)
        {
            RolloutAnomalies.Find(rollout).ShouldBeEmpty();
            rollout.Graph.InferenceCalls.Count.ShouldBe(7);
            rollout.Graph.Compactions.Count.ShouldBeGreaterThanOrEqualTo(3);
            rollout.Graph.CompactionRequests.Count.ShouldBe(rollout.Graph.Compactions.Count);
            var asked = rollout.Graph.InferenceCalls.Keys.Select((_, n) => Story.Seen(rollout, n)[^1]).Where(line => line.StartsWith("user: ", StringComparison.Ordinal)).ToList();
            asked.Select(line => line.Split(": ")[1]).Distinct().Count().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_summary_that_nobody_gives_compacts_nothing()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => IsForSummary(request) ? Answer.Fails(400) : Answer.Says($"Answer to {request.LastUser}")));
        var summariser = app.Client(builder => In("R", builder));
        var client = app.Client(builder => In("CFR", builder, new SummarizingChatReducer(summariser, 2, 1)));

        await Should.ThrowAsync<System.ClientModel.ClientResultException>(() => TalkAsync(client, streams: false));

        var story = Story.Of(app.Bundle());
        Count(story, "    compaction request failed").ShouldBe(1);
        Count(story, "    compaction of").ShouldBe(0);
        Count(story, "    request completed").ShouldBe(2);
    }

    [Fact]
    public async Task Requests_with_the_same_examples_first_are_conversations_of_their_own()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(_ => Answer.Says("yes")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        foreach (var city in (string[])["Rome", "Bern", "Oslo"])
        {
            await client.GetResponseAsync(
                [new(ChatRole.System, "Is it a city?"), new(ChatRole.User, "Goat"), new(ChatRole.Assistant, "no"), new(ChatRole.User, "Paris"), new(ChatRole.Assistant, "yes"), new(ChatRole.User, city)]);
        }

        app.Bundles().Select(rollout => (rollout.Graph.CodexTurns.Count, rollout.Graph.Compactions.Count)).ShouldBe([(1, 0), (1, 0), (1, 0)]);
    }

    [Fact]
    public async Task Calls_that_the_program_does_not_keep_are_no_compaction()
    {
        await using var app = new TracedApplication(await StartAsync());
        var client = app.Client(builder => In("FR", builder));
        List<ChatMessage> history = [new(ChatRole.User, "Weather?")];
        history.Add((await client.GetResponseAsync(history, Weather.Options(Weather.Tool))).Messages[^1]);
        history.Add(new(ChatRole.User, "And then?"));
        await client.GetResponseAsync(history, Weather.Options(Weather.Tool));

        var story = Story.Of(app.Bundle());
        Count(story, "  turn completed").ShouldBe(2);
        Count(story, "    compaction").ShouldBe(0);
    }

    // C is the reducer; else as in pipelines.
    private static void In(string order, ChatClientBuilder builder, IChatReducer? reducer = null)
    {
        foreach (var step in order)
        {
            if (step == 'C')
            {
                builder.UseChatReducer(reducer);
            }
            else
            {
                Pipeline.In(step.ToString(), builder);
            }
        }
    }

    private static async Task TalkAsync(IChatClient client, bool streams, string who = "")
    {
        List<ChatMessage> history = [new(ChatRole.System, "Be brief.")];
        foreach (var question in Questions)
        {
            history.Add(new(ChatRole.User, who + question));
            var options = Weather.Options(Weather.Tool);
            history.AddMessages(streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options));
        }
    }

    // Where the reducer cuts while a call is under way, the call stands once more in what replaces the history.
    private static string Sound(TracedApplication app, string? allowed = null)
    {
        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).Where(found => found.Code != allowed).ShouldBeEmpty();
        return Story.Of(rollout).ReplaceLineEndings("\n");
    }

    private static int Count(string story, string line) => story.Split('\n').Count(l => l.StartsWith(line, StringComparison.Ordinal));

    private static bool IsForSummary(ReceivedRequest request) => request.Seen.Any(line => line.StartsWith("system", StringComparison.Ordinal) && line.Contains("**Generate", StringComparison.Ordinal));

    private static Task<ScriptedModel> StartAsync() => ScriptedModel.StartAsync(request =>
        IsForSummary(request) ? Answer.Says($"In short, {request.Messages.Count} messages.")
        : request.HasToolResult ? Answer.Says("It is sunny.")
        : request.LastUser.EndsWith("Weather?", StringComparison.Ordinal) ? Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""))
        : Answer.Says($"Answer to {request.LastUser}"));
}
