using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Compaction;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.Extensions.AI;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests;

/// <summary>Histories that the frameworks make shorter, each in its own way.</summary>
public sealed class CompactionTests
{
    private static readonly string[] Questions = ["One?", "Two?", "Three?", "Four?"];

    [Theory]
    [InlineData("provider", false)]
    [InlineData("provider", true)]
    [InlineData("client provider", false)]
    [InlineData("client provider", true)]
    public async Task A_history_that_a_model_sums_up_is_a_compaction_with_its_request(string how, bool streams)
    {
        await using var app = new TracedApplication(await StartAsync());

        await RunAsync(Agent(app, how, app.Client(client => client.UseRolloutTracing())), streams);

        Sound(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Answer to One? (100/10)
              turn completed
                request completed: 3 items -> assistant: Answer to Two? (100/10)
              turn completed
                compaction request completed
                compaction of 1 requests: 4 items -> assistant: [Summary] In short, 2 messages., user: Two?, assistant: Answer to Two?
                request completed: 4 items -> assistant: Answer to Three? (100/10)
              turn completed
                compaction request completed
                compaction of 1 requests: 5 items -> assistant: [Summary] In short, 3 messages., user: Three?, assistant: Answer to Three?
                request completed: 4 items -> assistant: Answer to Four? (100/10)

            """);
    }

    [Theory]
    [InlineData("strategy as reducer", "[Summary] In short, 1 messages., assistant: Answer to One?, user: Two?, assistant: Answer to Two?")]
    [InlineData("reducer", "In short, 2 messages., user: Two?, assistant: Answer to Two?")]
    [InlineData("reducer after", "In short, 2 messages., user: Two?, assistant: Answer to Two?")]
    public async Task A_reducer_that_asks_a_model_is_a_compaction_with_its_request(string how, string replacement)
    {
        await using var app = new TracedApplication(await StartAsync());

        await RunAsync(Agent(app, how, app.Client(client => client.UseRolloutTracing())), streams: false);

        var story = Sound(app.Bundle());
        story.ShouldContain($"compaction of 1 requests: 4 items -> assistant: {replacement}\n");
        Count(story, "    request completed").ShouldBe(4);
        Count(story, "    compaction request completed").ShouldBe(how == "reducer after" ? 3 : 2);
        Count(story, "    compaction of 1 requests").ShouldBe(2);
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("strategy as reducer")]
    [InlineData("reducer")]
    [InlineData("reducer after")]
    [InlineData("truncation")]
    [InlineData("counting reducer")]
    public async Task Without_its_request_a_compaction_is_told_by_what_the_next_one_shows(string how)
    {
        await using var app = new TracedApplication(await StartAsync());

        await RunAsync(Agent(app, how, app.Client(_ => { })), streams: false);

        var story = Sound(app.Bundle());
        Count(story, "    request completed").ShouldBe(4);
        Count(story, "    compaction request").ShouldBe(0);
        Count(story, "    compaction of 0 requests").ShouldBe(how == "truncation" ? 1 : 2);
        story.ShouldContain(
            how == "counting reducer" ? "compaction of 0 requests: 4 items -> assistant: Answer to One?, user: Two?, assistant: Answer to Two?\n"
            : how == "truncation"
            ? "compaction of 0 requests: 6 items -> assistant: Answer to One?, user: Two?, assistant: Answer to Two?, user: Three?, assistant: Answer to Three?\n"
            : "compaction of 0 requests: 4 items -> assistant: ");
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("reducer")]
    [InlineData("reducer after")]
    [InlineData("truncation")]
    [InlineData("counting reducer")]
    public async Task It_is_the_same_from_spans_and_by_the_middleware(string how)
    {
        await using var bySpans = new TracedApplication(await StartAsync());
        await RunAsync(Agent(bySpans, how, bySpans.Client(Telemetry), isBySpans: true), streams: false);
        var told = Sound(bySpans.Bundle());
        await using var byMiddleware = new TracedApplication(await StartAsync());
        await RunAsync(Agent(byMiddleware, how, byMiddleware.Client(client => client.UseRolloutTracing())), streams: false);

        var known = Sound(byMiddleware.Bundle());
        if (how == "reducer after")
        {
            // Allowed to differ: of a history that is made shorter at the end of a turn spans tell with the next request.
            (told, known) = (InAnyOrder(told), InAnyOrder(known));
        }

        told.ShouldBe(known);
    }

    [Theory]
    [InlineData("provider", 2)]
    [InlineData("client provider", 2)]
    [InlineData("reducer", 2)]
    [InlineData("reducer after", 2)]
    [InlineData("truncation", 1)]
    [InlineData("counting reducer", 2)]
    public async Task With_the_step_on_the_chat_clients_alone_a_conversation_is_one_thread(string how, int compactions)
    {
        foreach (var streams in (bool[])[false, true])
        {
            await using var app = new TracedApplication(await StartAsync());

            await RunAsync(Agent(app, how, app.Client(client => client.UseRolloutTracing()), isTraced: false), streams);

            var story = Sound(app.Bundle());
            Count(story, "    request completed").ShouldBe(4);
            Count(story, "    compaction of").ShouldBe(compactions);
        }
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("reducer")]
    public async Task A_summary_that_nobody_gives_compacts_nothing(string how)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => IsForSummary(request) ? Answer.Fails(400) : Answer.Says($"Answer to {request.LastUser}")));
        var agent = Agent(app, how, app.Client(client => client.UseRolloutTracing()));
        var session = await agent.CreateSessionAsync();
        var failures = 0;
        foreach (var question in Questions)
        {
            try
            {
                await agent.RunAsync(question, session);
            }
            catch (System.ClientModel.ClientResultException)
            {
                failures++;
            }
        }

        var rollout = app.Bundle();
        var story = Story.Of(rollout);
        rollout.Diagnostics.ShouldBeEmpty();
        Count(story, "    compaction of").ShouldBe(0);
        Count(story, "    compaction request failed").ShouldBe(2);
        Count(story, "    request completed").ShouldBe(4 - failures);
    }

    [Fact]
    public async Task A_conversation_about_summaries_is_not_compacted()
    {
        await using var app = new TracedApplication(await StartAsync());
        var agent = Agent(app, "none", app.Client(_ => { }), "You give summaries.");
        var session = await agent.CreateSessionAsync();
        foreach (var question in (string[])["Summarise: it rained.", "Give me a summary of our conversation.", "And a shorter summary."])
        {
            await agent.RunAsync(question, session);
        }

        var story = Sound(app.Bundle());
        story.ShouldNotContain("compaction");
        Count(story, "    request completed").ShouldBe(3);
    }

    [Fact]
    public async Task Requests_of_other_agents_in_one_turn_are_not_compactions()
    {
        await using var app = new TracedApplication(await StartAsync());
        var client = app.Client(builder => builder.UseRolloutTracing());
        using (ConversationTurn.Begin(app.ModelName + "-chat"))
        {
            await client.GetResponseAsync([new(ChatRole.System, "Translate."), new(ChatRole.User, "Regen")]);
            await client.GetResponseAsync([new(ChatRole.System, "Write a summary."), new(ChatRole.User, "It rained all day.")]);
        }

        Story.Of(app.Bundle()).ShouldNotContain("compaction");
    }

    [Fact]
    public async Task A_compaction_of_the_programs_own_has_the_request_that_is_made_in_it()
    {
        await using var app = new TracedApplication(await StartAsync());
        var client = app.Client(builder => builder.UseRolloutTracing());
        using (var turn = ConversationTurn.Begin(app.ModelName + "-chat"))
        {
            await client.GetResponseAsync("One?");
            var compaction = turn.Turn.StartCompaction(new() { Model = app.ModelName });
            var summary = await client.GetResponseAsync("Shorten: One? Answer to One?");
            compaction.Install(
                JsonPayload.OfJson("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"One?"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Answer to One?"}]}]"""),
                JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A summary: one."}]}]"""));
            await client.GetResponseAsync([new(ChatRole.Assistant, "A summary: one."), new(ChatRole.User, "Two?")]);
        }

        Sound(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Answer to One? (100/10)
                compaction request completed
                compaction of 1 requests: 2 items -> assistant: A summary: one.
                request completed: 2 items -> assistant: Answer to Two? (100/10)

            """);
    }

    private static string Sound(OpenRollout rollout)
    {
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        return Story.Of(rollout).ReplaceLineEndings("\n").Replace("[Summary]\n", "[Summary] ", StringComparison.Ordinal);
    }

    private static string InAnyOrder(string story) => string.Join('\n', story.Split('\n').Order(StringComparer.Ordinal));

    private static int Count(string story, string line) => story.Split('\n').Count(l => l.StartsWith(line, StringComparison.Ordinal));

    private static bool IsForSummary(ReceivedRequest request) => request.Seen.Any(line =>
        line.StartsWith("system", StringComparison.Ordinal) && (line.Contains("summarizer", StringComparison.Ordinal) || line.Contains("**Generate", StringComparison.Ordinal)));

    private static Task<ScriptedModel> StartAsync() => ScriptedModel.StartAsync(request =>
        Answer.Says(IsForSummary(request) ? $"In short, {request.Messages.Count - 1} messages." : $"Answer to {request.LastUser}"));

    private static async Task RunAsync(AIAgent agent, bool streams)
    {
        var session = await agent.CreateSessionAsync();
        foreach (var question in Questions)
        {
            if (streams)
            {
                await agent.RunStreamingAsync(question, session).ToListAsync();
            }
            else
            {
                await agent.RunAsync(question, session);
            }
        }
    }

    private static AIAgent Agent(TracedApplication app, string how, IChatClient summariser, string instructions = "Help.", bool isBySpans = false, bool isTraced = true)
    {
        var client = app.Client(builder =>
        {
            if (how == "client provider")
            {
                builder.UseFunctionInvocation().UseAIContextProviders(new CompactionProvider(Strategy(summariser)));
            }

            if (isBySpans)
            {
                Telemetry(builder);
            }
            else
            {
                builder.UseRolloutTracing();
            }
        });
        var options = new ChatClientAgentOptions { Name = "helper", ChatOptions = new() { Instructions = instructions } };
        switch (how)
        {
            case "provider":
                options.AIContextProviders = [new CompactionProvider(Strategy(summariser))];
                break;
            case "truncation":
                options.AIContextProviders = [new CompactionProvider(new TruncationCompactionStrategy(CompactionTriggers.MessagesExceed(6), minimumPreservedGroups: 2))];
                break;
            case "strategy as reducer":
                options.ChatHistoryProvider = new InMemoryChatHistoryProvider(new() { ChatReducer = Strategy(summariser).AsChatReducer() });
                break;
            case "reducer":
                options.ChatHistoryProvider = new InMemoryChatHistoryProvider(new() { ChatReducer = new SummarizingChatReducer(summariser, 1, 1) });
                break;
            case "counting reducer":
                options.ChatHistoryProvider = new InMemoryChatHistoryProvider(new() { ChatReducer = new MessageCountingChatReducer(3) });
                break;
            case "reducer after":
                options.ChatHistoryProvider = new InMemoryChatHistoryProvider(new()
                {
                    ChatReducer = new SummarizingChatReducer(summariser, 1, 1),
                    ReducerTriggerEvent = InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent.AfterMessageAdded,
                });
                break;
        }

        var agent = new ChatClientAgent(client, options).AsBuilder();
        return !isTraced ? agent.Build() : (isBySpans ? agent.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true) : agent.UseRolloutTracing()).Build();
    }

    private static void Telemetry(ChatClientBuilder client) => client.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true);

    private static SummarizationCompactionStrategy Strategy(IChatClient summariser) =>
        new(summariser, CompactionTriggers.MessagesExceed(3), minimumPreservedGroups: 2);
}
