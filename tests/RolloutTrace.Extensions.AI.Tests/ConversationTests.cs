using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.ModelSupport;
using RolloutTrace.Reducer;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class ConversationTests
{
    [Fact]
    public async Task A_history_that_is_sent_back_goes_on_in_its_thread()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Oslo"), Answer.Says("Rome"), Answer.Says("Bern")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        List<ChatMessage> history = [new(ChatRole.User, "Norway?")];
        history.AddMessages(await client.GetResponseAsync(history));
        history.Add(new(ChatRole.User, "Italy?"));
        history.AddMessages(await client.GetStreamingResponseAsync(history).ToChatResponseAsync());

        await client.GetResponseAsync("Switzerland?");

        app.Bundles().Select(Story.Of).ShouldBe(
        [
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Oslo (100/10)
              turn completed
                request completed: 3 items -> assistant: Rome (100/10)

            """,
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Bern (100/10)

            """,
        ]);
    }

    [Fact]
    public async Task After_a_call_that_was_cancelled_and_a_word_of_the_program_about_it_the_conversation_goes_on_once()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.LastUser switch
        {
            "Wait" => Answer.Asks(("call_1", "wait", "{}")),
            var text => Answer.Says($"Answer to {text}"),
        }));
        using var stop = new CancellationTokenSource();
        var wait = AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            "wait");
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        ChatOptions options = new() { Tools = [wait] };
        List<ChatMessage> history = [new(ChatRole.User, "Hi")];
        history.AddMessages(await client.GetResponseAsync(history, options));
        history.Add(new(ChatRole.User, "Wait"));
        await Should.ThrowAsync<OperationCanceledException>(client.GetResponseAsync(history, options, stop.Token));
        history.Add(new(ChatRole.Assistant, "(stopped)"));
        List<ChatMessage> branch = [.. history, new(ChatRole.User, "Elsewhere")];
        history.Add(new(ChatRole.User, "Never mind"));
        await client.GetResponseAsync(history, options);
        await client.GetResponseAsync(branch, options);

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).ShouldBe([3, 1]);
    }

    [Fact]
    public async Task Texts_alone_and_a_system_that_tells_the_time_go_on_in_their_conversation()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.HasToolResult ? Answer.Says("It is sunny.")
            : request.LastUser == "Weather?" ? Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")) with { Text = "Let me see. " }
            : Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        var users = Enumerable.Range(0, 16).ToList();
        await Task.WhenAll(users.Select(async user =>
        {
            // What a data base has of a conversation; all users say the same after their first words, and at the same time.
            List<(ChatRole Role, string Text)> said = [];
            foreach (var text in (string[])[$"I am {user}", "Weather?", "And then?", "Weather?", "Bye"])
            {
                said.Add((ChatRole.User, text));
                List<ChatMessage> messages = [new(ChatRole.System, $"Be brief. It is 12:0{said.Count}."), .. said.Select(part => new ChatMessage(part.Role, part.Text))];
                said.Add((ChatRole.Assistant, (await client.GetResponseAsync(messages, new() { Tools = [Weather.Tool] })).Text));
            }
        }));

        var bundles = app.Bundles();
        bundles.Select(rollout => Story.Seen(rollout, 0)[^1]).Order(StringComparer.Ordinal).ShouldBe(users.Select(user => $"user: I am {user}").Order(StringComparer.Ordinal));
        bundles.ShouldAllBe(rollout => rollout.Graph.CodexTurns.Count == 5 && rollout.Graph.InferenceCalls.Count == 7 && rollout.Graph.Compactions.Count == 0);
    }

    [Fact]
    public async Task Who_is_told_something_else_about_the_same_words_is_in_no_conversation_of_theirs()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => Answer.Says($"Answer to {request.LastUser}")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        ChatOptions options = new() { Instructions = "Tell of the weather.", Tools = [Weather.Tool] };
        List<ChatMessage> history = [];
        foreach (var text in (string[])["One", "Two", "Three"])
        {
            history.Add(new(ChatRole.User, text));
            history.AddMessages(await client.GetResponseAsync(history, options));

            // A judge, a translator who is shown copies, and somebody who is told nothing.
            await client.GetResponseAsync([.. history, new(ChatRole.User, "Rate that.")], new() { Instructions = "You judge." });
            var copies = history.Select(message => new ChatMessage(message.Role, message.Text)).ToList();
            await client.GetResponseAsync([new(ChatRole.System, "Translate."), .. copies, new(ChatRole.User, "Into Norwegian.")], new() { Tools = [Weather.Tool] });
            await client.GetResponseAsync([.. copies, new(ChatRole.User, "Make a title.")]);
        }

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).OrderDescending().ShouldBe([3, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    }

    [Fact]
    public async Task A_conversation_goes_on_after_a_turn_that_failed_with_it_or_without()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.LastUser switch
        {
            _ when request.HasToolResult => Answer.Fails(400),
            "Call" => Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")),
            "Fail" => Answer.Fails(400),
            var text => Answer.Says($"Answer to {text}"),
        }));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        ChatOptions options = new() { Tools = [Weather.Tool] };

        // Asked once more before there was any answer; what came after an answer is taken back.
        List<ChatMessage> history = [new(ChatRole.User, "Fail")];
        await ShouldFailAsync(history);
        await ShouldFailAsync(history);
        history = [new(ChatRole.User, "Hi")];
        history.AddMessages(await client.GetResponseAsync(history, options));
        await ShouldFailAsync([.. history, new(ChatRole.User, "Call")]);
        history.Add(new(ChatRole.User, "Bye"));
        await client.GetResponseAsync(history, options);

        // The same words of others, and the same message to somebody who is told something else.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ShouldFailAsync([new(ChatRole.User, "Fail")])));
        var question = new ChatMessage(ChatRole.User, "Fail");
        await ShouldFailAsync([question], "Judge.");
        await ShouldFailAsync([question], "Translate.");

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).ShouldBe([2, 3, 1, 1, 1, 1]);

        async Task ShouldFailAsync(List<ChatMessage> messages, string? instructions = null) =>
            await Should.ThrowAsync<Exception>(client.GetResponseAsync(messages, new() { Tools = [Weather.Tool], Instructions = instructions }));
    }

    [Fact]
    public async Task What_a_function_asks_the_model_from_scratch_is_a_thread_each_and_what_goes_on_is_one()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.LastUser == "Outer" && !request.HasToolResult
            ? Answer.Asks(("call_1", "ask", "{}")) : Answer.Says($"Answer to {request.LastUser}")));
        IChatClient client = null!;
        var ask = AIFunctionFactory.Create(
            async () =>
            {
                List<ChatMessage> draft = [new(ChatRole.User, "Draft")];
                draft.AddMessages(await client.GetResponseAsync(draft));
                draft.Add(new(ChatRole.User, "Refine"));
                draft.AddMessages(await client.GetResponseAsync(draft));
                await client.GetResponseAsync("Draft");
                await Task.WhenAll(Enumerable.Range(0, 3).Select(i => client.GetResponseAsync($"Beside {i}")));
                return "done";
            },
            "ask");
        client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        await client.GetResponseAsync("Outer", new() { Tools = [ask] });

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        var spawned = rollout.Graph.Threads.Values.Where(thread => thread.AgentPath != "/root").OrderBy(thread => thread.AgentPath, StringComparer.Ordinal).ToList();
        spawned.Select(thread => thread.AgentPath).ShouldBe(["/root/ask", "/root/ask_2", "/root/ask_3", "/root/ask_4", "/root/ask_5"]);
        spawned.Select(thread => rollout.Graph.CodexTurns.Values.Count(turn => turn.ThreadId == thread.ThreadId)).ShouldBe([2, 1, 1, 1, 1]);
        rollout.Graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.SpawnAgent).ShouldBe(5);
    }

    [Fact]
    public async Task A_conversation_id_names_the_thread_whatever_is_sent()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Yes")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        foreach (var id in (string[])["a", "b", "a"])
        {
            await client.GetResponseAsync("Well?", new() { ConversationId = $"{app.ModelName}-{id}" });
        }

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).Order().ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("FR")]
    [InlineData("RF")]
    public async Task A_program_that_keeps_less_of_a_question_than_it_has_shown_goes_on_in_its_conversation(string order)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.HasToolResult || request.LastUser.EndsWith("three", StringComparison.Ordinal)
            ? Answer.Says($$"""{"city":"Oslo","answer":{{request.Messages.Count}}}""")
            : Answer.Asks(($"call_{request.Messages.Count}", "weather", """{"city":"Oslo"}"""))));
        var client = app.Client(builder => Pipeline.In(order, builder));
        ChatOptions options = new() { Tools = [Weather.Tool] };

        // Nobody but the first words tells the users apart; one keeps what the client gave, another what it said.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async user =>
        {
            List<ChatMessage> history = [];
            foreach (var text in (string[])[$"I am {user}: one", "two", "and three"])
            {
                history.Add(new(ChatRole.User, text));
                List<ChatMessage> shown = user % 2 == 0
                    ? [.. history, new(ChatRole.User, "Respond with a JSON value.")]
                    : [.. history.SkipLast(1), new(ChatRole.User, $"Found on page {history.Count}.\n\nQuestion: {text}")];
                var response = await client.GetResponseAsync(shown, options);
                history.AddRange(user < 4 ? response.Messages : [new(ChatRole.Assistant, response.Text)]);
            }
        }));

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).ShouldBe(Enumerable.Repeat(3, 8));
    }

    [Fact]
    public async Task Who_has_got_the_same_answer_to_another_question_is_in_no_conversation_of_theirs()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(_ => Answer.Says("Hi! How can I help?")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());

        // Two who are shown something else around the same word, and whose program keeps the word alone: nothing tells whose is whose.
        foreach (var found in (string[])["Oslo", "Rome"])
        {
            await client.GetResponseAsync($"Found: {found}. Question: hello");
        }

        foreach (var kept in (string[])["hello", "hell", "helloes", "Found"])
        {
            await client.GetResponseAsync([new(ChatRole.User, kept), new(ChatRole.Assistant, "Hi! How can I help?"), new(ChatRole.User, "More.")]);
        }

        app.Bundles().Select(rollout => rollout.Graph.CodexTurns.Count).ShouldBe([1, 1, 1, 1, 1, 1]);
        KeptOf("hell").ShouldBe(false);
        KeptOf("helloes").ShouldBe(false);
        KeptOf("hello").ShouldBe(true);
        KeptOf(" ").ShouldBe(false);

        static bool KeptOf(string text) => KeptQuestion.Of([new(ChatRole.User, text)]).IsPartOf(KeptQuestion.Of([new(ChatRole.User, "Found: Oslo. Question: hello")]));
    }

    [Fact]
    public async Task Conversations_that_go_on_side_by_side_stay_apart()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.HasToolResult
                ? Answer.Says("Known: " + request.Seen[^1])
                : Answer.Asks(($"call_{request.LastUser}", "weather", $$"""{"city":"{{request.LastUser}}"}"""))));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            List<ChatMessage> history = [new(ChatRole.User, $"City{i}")];
            history.AddMessages(await client.GetResponseAsync(history, Weather.Options(Weather.Tool)));
            history.Add(new(ChatRole.User, $"Town{i}"));
            history.AddMessages(await client.GetStreamingResponseAsync(history, Weather.Options(Weather.Tool)).ToChatResponseAsync());
        }));

        var bundles = app.Bundles();
        bundles.Count.ShouldBe(64);
        foreach (var rollout in bundles)
        {
            var city = Story.Seen(rollout, 0).Single()["user: City".Length..];
            rollout.Diagnostics.ShouldBeEmpty();
            Story.Of(rollout).ShouldBe(
                $$"""
                /root completed
                  turn completed
                    request completed: 1 items -> call call_City{{city}} {"city":"City{{city}}"} (100/10)
                    weather completed call_City{{city}} -> "sunny in City{{city}}"
                    request completed: 3 items -> assistant: Known: tool: "sunny in City{{city}}" (100/10)
                  turn completed
                    request completed: 5 items -> call call_Town{{city}} {"city":"Town{{city}}"} (100/10)
                    weather completed call_Town{{city}} -> "sunny in Town{{city}}"
                    request completed: 7 items -> assistant: Known: tool: "sunny in Town{{city}}" (100/10)

                """);
        }
    }

    [Fact]
    public async Task A_turn_that_the_program_begins_holds_what_is_asked_in_it()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Yes")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        var id = app.ModelName + "-chat";
        using (ConversationTurn.Begin(id))
        {
            await client.GetResponseAsync("One?");
            await client.GetResponseAsync("Two?");
        }

        using (ConversationTurn.Begin(id))
        {
            await client.GetResponseAsync("Three?");
        }

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Yes (100/10)
                request completed: 1 items -> assistant: Yes (100/10)
              turn completed
                request completed: 1 items -> assistant: Yes (100/10)

            """);
    }

    [Theory]
    [InlineData("FR", null)]
    [InlineData("RF", null)]
    [InlineData("FR", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("FTR", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("FRT", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("TFR", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("RTF", "Experimental.Microsoft.Extensions.AI")]
    public async Task A_turn_that_begins_in_an_asynchronous_stream_holds_what_is_asked_later_in_it(string order, string? source)
    {
        await using var app = new TracedApplication(
            await ScriptedModel.StartAsync(
                Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "broken", """{"city":"Rome"}""")),
                Answer.Asks(("call_3", "weather", """{"city":"Bern"}""")),
                Answer.Says("It is sunny.")),
            pipeline => _ = source is null ? pipeline : pipeline.AddSource(source));
        var client = app.Client(builder => Pipeline.In(order, builder));

        var text = string.Concat(await Endpoint(client, app.ModelName + "-chat").ToListAsync());

        text.ShouldBe("It is sunny.");
        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"}, call call_2 {"city":"Rome"} (100/10)
                weather completed call_1 -> "sunny in Oslo"
                broken failed call_2 -> Error: Function failed.
                request completed: 5 items -> call call_3 {"city":"Bern"} (100/10)
                weather completed call_3 -> "sunny in Bern"
                request completed: 7 items -> assistant: It is sunny. (100/10)

            """);
    }

    [Fact]
    public async Task A_model_that_a_function_asks_in_an_asynchronous_stream_is_an_agent_of_the_call()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.LastUser == "Deep question" ? Answer.Says("42")
            : request.HasToolResult ? Answer.Says("It is 42.")
            : Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""))));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        var expert = AIFunctionFactory.Create(async (string city) => (await client.GetResponseAsync("Deep question")).Text, "weather");

        (await Endpoint(client, app.ModelName + "-chat", expert).ToListAsync()).ShouldNotBeEmpty();

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> "42"
                request completed: 3 items -> assistant: It is 42. (100/10)
            /root/weather completed
              turn completed
                request completed: 1 items -> assistant: 42 (100/10)
            spawnagent: weather -> /root/weather
            agentresult: assistant: 42 -> output call_1 "42"

            """);
    }

    [Fact]
    public async Task A_loop_of_the_programs_own_has_its_calls_once_their_results_are_sent()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny.")));
        var client = app.Client(builder => builder.UseRolloutTracing());
        List<ChatMessage> history = [new(ChatRole.User, "And?")];
        using (ConversationTurn.Begin(app.ModelName + "-chat"))
        {
            history.AddMessages(await client.GetResponseAsync(history, Weather.Options(Weather.Tool)));
            history.Add(new(ChatRole.Tool, [new FunctionResultContent("call_1", "sunny in Oslo")]));
            await client.GetResponseAsync(history, Weather.Options(Weather.Tool));
        }

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> sunny in Oslo
                request completed: 3 items -> assistant: It is sunny. (100/10)

            """);
    }

    [Fact]
    public async Task A_model_that_a_function_asks_is_an_agent_of_the_call()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.LastUser == "Deep question" ? Answer.Says("42")
            : request.HasToolResult ? Answer.Says("It is 42.")
            : Answer.Asks(("call_1", "ask_expert", """{"question":"Deep question"}"""))));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        var expert = AIFunctionFactory.Create(async (string question) => (await client.GetResponseAsync(question)).Text, "ask_expert");

        await client.GetResponseAsync("Ask the expert", new() { Tools = [expert] });

        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"question":"Deep question"} (100/10)
                ask_expert completed call_1 -> "42"
                request completed: 3 items -> assistant: It is 42. (100/10)
            /root/ask_expert completed
              turn completed
                request completed: 1 items -> assistant: 42 (100/10)
            spawnagent: ask_expert -> /root/ask_expert
            agentresult: assistant: 42 -> output call_1 "42"

            """);
        RolloutTrace.Analysis.RolloutAnomalies.Find(rollout).ShouldBeEmpty();
    }

    private static async IAsyncEnumerable<string> Endpoint(
        IChatClient client, string id, AITool? weather = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var turn = ConversationTurn.Begin(id);
        await foreach (var update in client.GetStreamingResponseAsync("And the weather?", Weather.Options(weather ?? Weather.Tool, Weather.Broken), cancellation))
        {
            yield return update.Text;
        }
    }
}
