using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests;

public sealed class AgentTests
{
    private static readonly Answer AsksForWeather = Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""));

    private const string TwoRuns =
        """
        /root completed
          turn completed
            request completed: 1 items -> call call_1 {"city":"Oslo"} (100/10)
            weather completed call_1 -> "sunny in Oslo"
            request completed: 3 items -> assistant: It is sunny. (100/10)
          turn completed
            request completed: 5 items -> assistant: Bye. (100/10)

        """;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Runs_with_a_session_are_turns_of_one_thread(bool clientIsTraced, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(AsksForWeather, Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var agent = Agent(app, "planner", clientIsTraced, Weather.Tool);
        var session = await agent.CreateSessionAsync();

        (await RunAsync(agent, "And?", session, streams)).ShouldBe("It is sunny.");
        (await RunAsync(agent, "Thanks", session, streams)).ShouldBe("Bye.");

        var rollout = app.Bundle();
        var expected = clientIsTraced || streams
            ? TwoRuns
            : TwoRuns.Replace("\"Oslo\"} (100/10)", "\"Oslo\"}", StringComparison.Ordinal).Replace("sunny. (100/10)", "sunny. (200/20)", StringComparison.Ordinal);
        Story.Of(rollout).ShouldBe(expected);
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_that_was_stored_and_read_again_goes_on_in_its_thread()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello."), Answer.Says("Bye.")));
        var agent = Agent(app, "planner", clientIsTraced: true);
        var session = await agent.CreateSessionAsync();
        await agent.RunAsync("Hi", session);

        var stored = await agent.SerializeSessionAsync(session);
        await agent.RunAsync("Thanks", await agent.DeserializeSessionAsync(stored));

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Hello. (100/10)
              turn completed
                request completed: 3 items -> assistant: Bye. (100/10)

            """);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_agent_used_as_a_tool_is_an_agent_that_the_call_spawned(bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.Seen[0].Contains("research", StringComparison.Ordinal) ? Answer.Says("Oslo is cold.")
            : request.HasToolResult ? Answer.Says("It is cold.")
            : Answer.Asks(("call_1", "researcher", """{"query":"Oslo?"}"""))));
        var researcher = Agent(app, "researcher", clientIsTraced: true, instructions: "You research.");
        var planner = Agent(app, "planner", clientIsTraced: true, researcher.AsAIFunction());

        (await RunAsync(planner, "And?", null, streams)).ShouldBe("It is cold.");

        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"query":"Oslo?"} (100/10)
                researcher completed call_1 -> "Oslo is cold."
                request completed: 3 items -> assistant: It is cold. (100/10)
            /root/researcher completed
              turn completed
                request completed: 1 items -> assistant: Oslo is cold. (100/10)
            spawnagent: researcher -> /root/researcher
            agentresult: assistant: Oslo is cold. -> output call_1 "Oslo is cold."

            """);
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Where_the_service_keeps_the_history_an_agent_used_as_a_tool_is_one_that_the_call_spawned(bool hasTelemetry, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync());
        var model = new ScriptedResponses(isStored: true, static input => ((string?)input[^1]!["type"], (string?)input[^1]!["content"]?[0]?["text"]) switch
        {
            ("function_call_output", _) => Answer.Says("It is cold."),
            (_, "Oslo?") => Answer.Says("Oslo is cold."),
            (_, "Weather?") => Answer.Asks(("call_1", "researcher", """{"query":"Oslo?"}""")),
            _ => Answer.Says("Hello."),
        });
        var planner = Agent("planner", Agent("researcher").AsAIFunction());
        var session = await planner.CreateSessionAsync();
        foreach (var question in (string[])["Hi", "Weather?", "Bye"])
        {
            await RunAsync(planner, question, session, streams);
        }

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        var perRequest = hasTelemetry || streams;
        Story.Of(rollout).ShouldBe(
            $$"""
            /root completed
              turn completed
                request completed: 1 items -> assistant: Hello. (100/10)
              turn completed
                request completed: 3 items -> call call_1 {"query":"Oslo?"}{{(perRequest ? " (100/10)" : "")}}
                researcher completed call_1 -> "Oslo is cold."
                request completed: 5 items -> assistant: It is cold. {{(perRequest ? "(100/10)" : "(200/20)")}}
              turn completed
                request completed: 7 items -> assistant: Hello. (100/10)
            /root/researcher completed
              turn completed
                request completed: 1 items -> assistant: Oslo is cold. (100/10)
            spawnagent: researcher -> /root/researcher
            agentresult: assistant: Oslo is cold. -> output call_1 "Oslo is cold."

            """);

        AIAgent Agent(string name, params AITool[] tools)
        {
            var client = model.Client(app.ModelName, builder => _ = hasTelemetry ? builder.UseOpenTelemetry() : builder);
            return new ChatClientAgent(client, name: name, tools: tools).AsBuilder().UseRolloutTracing().Build();
        }
    }

    [Fact]
    public async Task An_agent_that_keeps_its_session_over_two_calls_goes_on_in_its_thread_and_one_without_does_not()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request =>
            request.Seen[0] == "system: You help." ? Answer.Says($"Help {request.Seen.Count}.")
            : request.HasToolResult ? Answer.Says("Done.")
            : Answer.Asks((request.LastUser, request.LastUser.Split('_')[0], "{}"))));
        var helper = Agent(app, "helper", clientIsTraced: true, instructions: "You help.");
        var kept = await helper.CreateSessionAsync();
        var keeps = AIFunctionFactory.Create(async () => (await helper.RunAsync("Go", kept)).Text, "keeps");
        var forgets = AIFunctionFactory.Create(async () => (await helper.RunAsync("Go")).Text, "forgets");
        var planner = Agent(app, "planner", clientIsTraced: true, keeps, forgets);
        var session = await planner.CreateSessionAsync();
        foreach (var call in (string[])["keeps_1", "forgets_1", "keeps_2", "forgets_2"])
        {
            await planner.RunAsync(call, session);
        }

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        Story.Of(rollout)[Story.Of(rollout).IndexOf("/root/helper completed", StringComparison.Ordinal)..].ShouldBe(
            """
            /root/helper completed
              turn completed
                request completed: 1 items -> assistant: Help 2. (100/10)
              turn completed
                request completed: 3 items -> assistant: Help 4. (100/10)
            /root/helper_2 completed
              turn completed
                request completed: 1 items -> assistant: Help 2. (100/10)
            /root/helper_3 completed
              turn completed
                request completed: 1 items -> assistant: Help 2. (100/10)
            spawnagent: keeps -> /root/helper
            spawnagent: forgets -> /root/helper_2
            spawnagent: forgets -> /root/helper_3
            agentresult: assistant: Help 2. -> output keeps_1 "Help 2."
            agentresult: assistant: Help 2. -> output forgets_1 "Help 2."
            agentresult: assistant: Help 4. -> output keeps_2 "Help 4."
            agentresult: assistant: Help 2. -> output forgets_2 "Help 2."

            """);
    }

    [Fact]
    public async Task A_run_that_fails_fails_its_turn_and_the_thread_goes_on()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Fails(500), Answer.Says("Hello.")));
        var agent = Agent(app, "planner", clientIsTraced: true);
        var session = await agent.CreateSessionAsync();

        await Should.ThrowAsync<System.ClientModel.ClientResultException>(agent.RunAsync("Hi", session));
        await agent.RunAsync("Hi", session);

        Story.Of(app.Bundle()).ShouldContain("turn failed\n    request failed: 1 items -> \n  turn completed\n");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task With_telemetry_outside_or_inside_a_run_is_one_span_and_recorded_once(bool telemetryOutside, bool streams)
    {
        using var spans = new FinishedSpans();
        await using var app = new TracedApplication(
            await ScriptedModel.StartAsync(AsksForWeather, Answer.Says("It is sunny.")),
            pipeline => pipeline.AddSource("Experimental.Microsoft.Agents.AI").AddProcessor(spans));
        var builder = new ChatClientAgent(
            app.Client(client => client.UseRolloutTracing()), new ChatClientAgentOptions { Name = "planner", ChatOptions = new() { Tools = [Weather.Tool] } }).AsBuilder();
        var agent = (telemetryOutside ? builder.UseOpenTelemetry().UseRolloutTracing() : builder.UseRolloutTracing().UseOpenTelemetry()).Build();

        await RunAsync(agent, "And?", null, streams);

        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> "sunny in Oslo"
                request completed: 3 items -> assistant: It is sunny. (100/10)

            """);
        spans.Tree(rollout.Graph.RolloutId).ShouldBe("invoke_agent *\n  chat *\n  execute_tool weather *\n  chat *\n");
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    public async Task A_call_that_somebody_has_to_agree_to_is_asked_for_once(bool clientIsTraced, bool isApproved, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(AsksForWeather, Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var agent = Agent(app, "planner", clientIsTraced, new ApprovalRequiredAIFunction(Weather.Tool));
        var session = await agent.CreateSessionAsync();

        var asked = await AskAsync(agent, new(ChatRole.User, "And?"), session, streams);
        var request = asked.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        await AskAsync(agent, new(ChatRole.User, [request.CreateResponse(isApproved)]), session, streams);
        await AskAsync(agent, new(ChatRole.User, "Thanks"), session, streams);

        app.Model.Requests.Count.ShouldBe(3);
        var rollout = app.Bundle();
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
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Of_two_calls_in_one_response_the_one_that_nobody_is_asked_about_stands_where_the_model_has_asked_for_it(bool clientIsTraced, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "broken", """{"city":"Rome"}""")), Answer.Says("It is sunny."), Answer.Says("Bye.")));
        var agent = Agent(app, "planner", clientIsTraced, new ApprovalRequiredAIFunction(Weather.Tool), Weather.Broken);
        var session = await agent.CreateSessionAsync();
        var asked = await AskAsync(agent, new(ChatRole.User, "And?"), session, streams);
        var request = asked.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        session = await agent.DeserializeSessionAsync(await agent.SerializeSessionAsync(session));
        await AskAsync(agent, new(ChatRole.User, [request.CreateResponse(approved: false)]), session, streams);
        await AskAsync(agent, new(ChatRole.User, "Thanks"), session, streams);

        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        rollout.Graph.InferenceCalls.Count.ShouldBe(3);
        rollout.Graph.ToolCalls.Values.Select(call => (call.ModelVisibleCallId, call.Execution.Status)).Order()
            .ShouldBe([("call_1", ExecutionStatus.Cancelled), ("call_2", ExecutionStatus.Failed)]);
        Story.Seen(rollout, 1).ShouldBe(
        [
            "user: And?",
            """call call_1 {"city":"Oslo"}""",
            """call call_2 {"city":"Rome"}""",
            "output call_1 Tool call invocation was rejected by the approver and must not be retried.",
            "output call_2 Error: Function failed.",
        ]);
    }

    [Fact]
    public async Task Agents_that_share_one_history_go_on_in_a_thread_each()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => Answer.Says($"Answer {request.Messages.Count}")));
        AIAgent[] agents = [Agent(app, "ada", clientIsTraced: true), Agent(app, "bob", clientIsTraced: true)];
        List<ChatMessage> history = [new(ChatRole.User, "Discuss")];
        for (var i = 0; i < 6; i++)
        {
            history.AddRange((await agents[i % 2].RunAsync(history)).Messages);
        }

        app.Bundles().Select(rollout => (rollout.Graph.Threads.Values.Single().Nickname, rollout.Graph.CodexTurns.Count)).ShouldBe([("ada", 3), ("bob", 3)]);
    }

    private static async Task<IList<ChatMessage>> AskAsync(AIAgent agent, ChatMessage message, Microsoft.Agents.AI.AgentSession session, bool streams) =>
        streams ? (await agent.RunStreamingAsync([message], session).ToListAsync()).ToAgentResponse().Messages : (await agent.RunAsync([message], session)).Messages;

    private static AIAgent Agent(TracedApplication app, string name, bool clientIsTraced, params AITool[] tools) => Agent(app, name, clientIsTraced, "Be brief.", tools);

    private static AIAgent Agent(TracedApplication app, string name, bool clientIsTraced, string instructions, params AITool[] tools)
    {
        var client = app.Client(builder =>
        {
            if (clientIsTraced)
            {
                builder.UseRolloutTracing();
            }
        });

        return new ChatClientAgent(client, new ChatClientAgentOptions { Name = name, ChatOptions = new() { Instructions = instructions, Tools = [.. tools] } })
            .AsBuilder().UseRolloutTracing().Build();
    }

    private static async Task<string> RunAsync(AIAgent agent, string text, Microsoft.Agents.AI.AgentSession? session, bool streams)
    {
        if (!streams)
        {
            return (await agent.RunAsync(text, session)).Text;
        }

        return string.Concat((await agent.RunStreamingAsync(text, session).ToListAsync()).Select(update => update.Text));
    }
}
