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

        var story = Sound(app);
        var summed = Count(story, "    compaction of");
        summed.ShouldBeGreaterThanOrEqualTo(3);
        Count(story, "    request completed").ShouldBe(7);
        Count(story, "    compaction request completed").ShouldBe(isSummariserTraced ? summed : 0);
        Count(story, $"    compaction of {(isSummariserTraced ? 1 : 0)} requests").ShouldBe(summed);
        story.ShouldContain("requests: 5 items -> system: Be brief., assistant: In short, 3 messages., user: Two?, assistant: Answer to Two?\n");
        story.ShouldContain("weather completed call_1 -> \"sunny in Oslo\"\n");
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
    public async Task A_document_that_is_translated_and_then_summed_up_is_no_history_to_be_summed_up()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        ChatMessage[] document = [new(ChatRole.User, "It rained."), new(ChatRole.User, "All day.")];
        await client.GetResponseAsync([new(ChatRole.System, "Translate."), .. document]);
        await client.GetResponseAsync([new(ChatRole.System, "Write a summary."), .. document]);
        await client.GetResponseAsync([new(ChatRole.System, "Write a summary."), document[0]]);

        app.Bundles().Select(rollout => (rollout.Graph.InferenceCalls.Count, rollout.Graph.CompactionRequests.Count)).ShouldBe([(1, 0), (1, 0), (1, 0)]);
    }

    [Theory]
    [InlineData("RCF")]
    [InlineData("FRC")]
    public async Task Outside_of_the_reducer_the_history_is_what_the_program_gave_and_each_summary_is_a_request_of_its_own(string order)
    {
        await using var app = new TracedApplication(await StartAsync());
        var summariser = app.Client(builder => In("R", builder));

        await TalkAsync(app.Client(builder => In(order, builder, new SummarizingChatReducer(summariser, 2, 1))), streams: true);

        var story = Sound(app);
        Count(story, "  turn completed").ShouldBe(6);
        Count(story, "    request completed").ShouldBe(7);
        Count(story, "    compaction request completed").ShouldBe(app.Model.Requests.Count(IsForSummary));
        Count(story, "    compaction of").ShouldBe(0);
        story.ShouldContain("request completed: 14 items -> assistant: Answer to Six? (100/10)\n");
    }

    [Fact]
    public async Task Conversations_that_begin_alike_stay_apart_while_their_beginnings_are_left_out()
    {
        // The same system, the same examples (the very objects), the same first question and answers, at once: the second question tells them apart.
        ChatMessage[] beginning = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Goat?"), new(ChatRole.Assistant, "no"), new(ChatRole.User, "Paris?"), new(ChatRole.Assistant, "yes")];
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(_ => Answer.Says("yes")));
        var client = app.Client(builder => In("CFR", builder, new MessageCountingChatReducer(5)));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            List<ChatMessage> history = [.. beginning];
            foreach (var question in (string[])["Rome?", $"Town {i}, one?", $"Town {i}, two?", $"Town {i}, three?"])
            {
                history.Add(new(ChatRole.User, question));
                history.AddMessages(i % 2 == 0 ? await client.GetStreamingResponseAsync(history).ToChatResponseAsync() : await client.GetResponseAsync(history));
            }
        }));

        var bundles = app.Bundles();
        bundles.Count.ShouldBe(64);
        var towns = bundles.Select(rollout =>
        {
            RolloutAnomalies.Find(rollout).ShouldBeEmpty();
            var asked = rollout.Graph.InferenceCalls.Keys.Select((_, n) => Story.Seen(rollout, n)[^1]).ToList();
            var town = asked[1].Split(',')[0];
            asked.ShouldBe(["user: Rome?", $"{town}, one?", $"{town}, two?", $"{town}, three?"]);
            rollout.Graph.Compactions.Count.ShouldBe(3);
            return town;
        });
        towns.Distinct().Count().ShouldBe(64);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ways_on_from_one_history_are_conversations_of_their_own(bool atOnce)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        List<ChatMessage> history = [new(ChatRole.User, "One?")];
        history.AddMessages(await client.GetResponseAsync(history));
        if (atOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.GetResponseAsync([.. history, new(ChatRole.User, $"Way {i}?")])));
        }
        else
        {
            for (var i = 0; i < 8; i++)
            {
                await client.GetResponseAsync([.. history, new(ChatRole.User, $"Way {i}?")]);
            }
        }

        // One of them goes on from it.
        app.Bundles().Select(rollout => (rollout.Graph.CodexTurns.Count, rollout.Graph.Compactions.Count)).Order().ShouldBe([.. Enumerable.Repeat((1, 0), 7), (2, 0)]);
    }

    [Fact]
    public async Task Examples_taken_from_the_same_objects_as_questions_are_conversations_of_their_own()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(_ => Answer.Says("yes")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        var questions = Enumerable.Range(0, 4).Select(i => new ChatMessage(ChatRole.User, $"Is {i} a number?")).ToList();
        var answers = questions.Select(_ => new ChatMessage(ChatRole.Assistant, "yes")).ToList();
        for (var asked = 0; asked < 4; asked++)
        {
            var examples = Enumerable.Range(0, 4).Where(i => i != asked).SelectMany(i => (ChatMessage[])[questions[i], answers[i]]);
            await client.GetResponseAsync([new(ChatRole.System, "Answer as shown."), .. examples, questions[asked]]);
        }

        app.Bundles().Select(rollout => (rollout.Graph.CodexTurns.Count, rollout.Graph.Compactions.Count)).ShouldBe([.. Enumerable.Repeat((1, 0), 4)]);
    }

    [Fact]
    public async Task An_answer_that_another_system_is_asked_about_is_no_history_made_shorter()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        var draft = await client.GetResponseAsync([new(ChatRole.System, "Write."), new(ChatRole.User, "A poem.")]);
        await client.GetResponseAsync([new(ChatRole.System, "Write a summary of the poem."), draft.Messages[0]]);
        await client.GetResponseAsync([new(ChatRole.System, "Judge."), draft.Messages[0], new(ChatRole.User, "Is it good?")]);

        app.Bundles().Select(rollout => (rollout.Graph.CodexTurns.Count, rollout.Graph.Compactions.Count)).ShouldBe([(1, 0), (1, 0), (1, 0)]);
    }

    [Fact]
    public async Task A_stored_history_is_known_again_by_the_ids_of_its_answers()
    {
        await using var app = new TracedApplication(await StartAsync());
        var client = app.Client(builder => In("CFR", builder, new MessageCountingChatReducer(3)));
        var stored = "[]";
        foreach (var question in Questions[..3])
        {
            var history = System.Text.Json.JsonSerializer.Deserialize<List<ChatMessage>>(stored, AIJsonUtilities.DefaultOptions)!;
            history.Add(new(ChatRole.User, question));
            history.AddMessages(await client.GetResponseAsync(history));
            stored = System.Text.Json.JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions);
        }

        Count(Sound(app), "    compaction of 0 requests: 4 items -> user: Two?, assistant: Answer to Two?").ShouldBe(1);
    }

    [Fact]
    public async Task A_call_whose_result_a_reducer_keeps_from_the_model_has_ended()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("Who knows.")));

        await app.Client(builder => In("FCR", builder, new MessageCountingChatReducer(3))).GetResponseAsync("Weather?", Weather.Options(Weather.Tool));

        app.Bundle().Graph.ToolCalls.Values.Select(tool => tool.Execution.Status).ShouldBe([RolloutTrace.Bundle.ExecutionStatus.Completed, RolloutTrace.Bundle.ExecutionStatus.Completed]);
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

    private static string Sound(TracedApplication app)
    {
        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
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
