using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Compaction;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Frameworks.Tests.Support;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Frameworks.Tests;

/// <summary>Agent Framework, and nothing of ours but the one line in the pipeline.</summary>
public sealed class AgentFrameworkTests
{
    [Fact]
    public async Task A_sub_agent_as_a_tool_is_a_spawned_thread()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var researcher = Agent(model, "researcher", "Finds things out.");
        var planner = Agent(model, "planner", "Plans.", researcher.AsAIFunction());
        var session = await planner.CreateSessionAsync();
        await planner.RunAsync("""call researcher {"query":"call weather {\"city\":\"Oslo\"}"}""", session);
        await planner.RunAsync("thanks", session);

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        Snapshot.Match(recorded.Story());
    }

    [Fact]
    public async Task Runs_inside_a_web_request_are_one_thread_too()
    {
        using var model = new ScriptedModel();
        using var web = new System.Diagnostics.ActivitySource("Web");
        using var recorded = new Recorded(before: provider => provider.AddSource("Web"));
        var agent = Agent(model, "helper", "Helps.");
        var session = await agent.CreateSessionAsync();
        foreach (var question in (string[])["call weather {\"city\":\"Oslo\"}", "and tomorrow?", "thanks"])
        {
            using var request = web.StartActivity("POST /chat", System.Diagnostics.ActivityKind.Server);
            await foreach (var _ in agent.RunStreamingAsync(question, session))
            {
            }
        }

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.Threads.Count.ShouldBe(1);
        rollouts.Single().Graph.CodexTurns.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_sub_agent_that_fails_gives_back_a_failure()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var researcher = Agent(model, "researcher", "Finds things out.");
        var planner = Agent(model, "planner", "Plans.", researcher.AsAIFunction());
        await planner.RunAsync("""call researcher {"query":"fail 400"}""");

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        var graph = rollouts.Single().Graph;
        graph.ToolCalls.Values.Single().Execution.Status.ShouldBe(ExecutionStatus.Failed);
        graph.Threads.Count.ShouldBe(2);
        graph.InteractionEdges.Values.Select(edge => edge.Kind).ShouldBe([InteractionEdgeKind.SpawnAgent, InteractionEdgeKind.AgentResult], ignoreOrder: true);
    }

    [Fact]
    public async Task Parallel_sub_agents_are_threads_each()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var one = Agent(model, "one", "Finds things out.");
        var two = Agent(model, "two", "Finds things out, too.");
        var planner = Agent(model, "planner", "Plans.", one.AsAIFunction(), two.AsAIFunction());
        await planner.RunAsync("""call one {"query":"weather?"} and call two {"query":"time?"}""");

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/one", "/root/two"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_workflow_is_one_rollout_where_it_has_spans(bool isInstrumented)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var writer = Agent(model, "writer", "Writes.").BindAsExecutor(emitEvents: true);
        var critic = Agent(model, "critic", "Judges.").BindAsExecutor(emitEvents: true);
        var builder = new WorkflowBuilder(writer).AddEdge(writer, critic);
        var workflow = (isInstrumented ? builder.WithOpenTelemetry() : builder).Build();
        await using (var run = await InProcessExecution.RunStreamingAsync(workflow, new List<ChatMessage> { new(ChatRole.User, "write") }))
        {
            await run.TrySendMessageAsync(new TurnToken(emitEvents: true));
            await foreach (var _ in run.WatchStreamAsync())
            {
            }
        }

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.SelectMany(r => r.Graph.Threads.Values).Select(thread => thread.AgentPath).Order(StringComparer.Ordinal)
            .ShouldBe(isInstrumented ? ["/root", "/root/critic", "/root/writer"] : ["/root", "/root"]);
    }

    [Fact]
    public async Task A_conversation_that_one_agent_hands_to_another_leads_from_the_call_to_that_agent()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var (writer, critic) = (Agent(model, "writer", "Writes."), Agent(model, "critic", "Judges."));
        var team = AgentWorkflowBuilder.CreateHandoffBuilderWith(writer).WithHandoff(writer, critic).Build()
            .AsAIAgent(name: "team").AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        await team.RunAsync("call handoff_to_1 {}", await team.CreateSessionAsync());

        var rollouts = recorded.Rollouts();
        rollouts.ShouldBeSound();
        var graph = rollouts.Single().Graph;
        graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/writer", "/root/critic"], ignoreOrder: true);
        var handOff = graph.ToolCalls.Values.Single();
        handOff.Execution.Status.ShouldBe(ExecutionStatus.Completed);
        rollouts.Single().Index.SpawnerOf(graph.Threads.Values.Single(thread => thread.AgentPath == "/root/critic")).ShouldBe(handOff);
    }

    [Fact]
    public async Task A_history_that_is_summarised_is_a_compaction()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var strategy = new SummarizationCompactionStrategy(Chat.Bare(model), CompactionTriggers.MessagesExceed(3), minimumPreservedGroups: 2);
        var agent = new ChatClientAgent(
                Chat.Bare(model).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build(),
                new ChatClientAgentOptions { Name = "helper", ChatOptions = new() { Instructions = "You are helper." }, AIContextProviders = [new CompactionProvider(strategy)] })
            .AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        var session = await agent.CreateSessionAsync();
        foreach (var question in (string[])["one", "two", "three", "four"])
        {
            await agent.RunAsync(question, session);
        }

        var rollouts = recorded.Rollouts();
        rollouts.ShouldBeSound();
        var graph = rollouts.Single().Graph;
        graph.Threads.Count.ShouldBe(1);
        graph.CodexTurns.Count.ShouldBe(4);
        graph.Compactions.ShouldNotBeEmpty();
        Snapshot.Match(recorded.Story());
    }

    [Theory]
    [InlineData(InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent.BeforeMessagesRetrieval)]
    [InlineData(InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent.AfterMessageAdded)]
    public async Task A_summary_that_a_reducer_asks_for_is_a_compaction_of_the_thread(InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent when)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var reducer = new SummarizingChatReducer(Traced(model), targetCount: 2, threshold: 1) { SummarizationPrompt = "Condense what was said." };
        await AskAsync(model, Reduced(reducer, when));

        var rollouts = recorded.Rollouts();
        rollouts.ShouldBeSound();
        var graph = rollouts.Single().Graph;
        graph.Threads.Count.ShouldBe(1);
        graph.CodexTurns.Count.ShouldBe(5);
        graph.InferenceCalls.Count.ShouldBe(model.Exchanges.Count(exchange => !IsSummary(exchange)));
        graph.CompactionRequests.Count.ShouldBe(model.Exchanges.Count(IsSummary));
        graph.Compactions.Count.ShouldBeGreaterThanOrEqualTo(2);
        graph.Compactions.Values.ShouldAllBe(compaction => compaction.RequestIds.Count == 1 && compaction.ReplacementItemIds.Count < compaction.InputItemIds.Count);
    }

    [Fact]
    public async Task A_history_of_which_a_reducer_keeps_the_end_is_a_compaction_and_the_thread_goes_on()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        await AskAsync(model, Reduced(new MessageCountingChatReducer(3), InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent.BeforeMessagesRetrieval));

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.CodexTurns.Count.ShouldBe(5);
        rollouts.Single().Graph.Compactions.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task So_it_is_with_one_that_a_strategy_cuts_off_before_the_last_answer()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var strategy = new TruncationCompactionStrategy(CompactionTriggers.MessagesExceed(3), minimumPreservedGroups: 2);
        await AskAsync(model, new ChatClientAgentOptions { AIContextProviders = [new CompactionProvider(strategy)] });

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.CodexTurns.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_call_that_somebody_agrees_to_is_carried_out_in_a_later_turn_of_its_thread()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var agent = new ChatClientAgent(Traced(model), instructions: "You are helper.", name: "helper", tools: [new ApprovalRequiredAIFunction(Weather)])
            .AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        var session = await agent.CreateSessionAsync();
        var asked = await agent.RunAsync("call weather {\"city\":\"Oslo\"}", session);
        var request = asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        await agent.RunAsync([new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)])], session);
        await agent.RunAsync("thanks", session);

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        var graph = rollouts.Single().Graph;
        graph.CodexTurns.Count.ShouldBe(3);
        var call = graph.ToolCalls.Values.Single();
        graph.InferenceCalls.Values.Single(inference => inference.ToolCallIdsStartedByResponse.Contains(call.ToolCallId)).Execution.StartedSeq.ShouldBeLessThan(call.Execution.StartedSeq);
    }

    [Fact]
    public async Task A_team_goes_on_with_its_conversation_though_it_asks_no_model_itself()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var team = AgentWorkflowBuilder.BuildSequential(Agent(model, "writer", "Writes."), Agent(model, "critic", "Judges."))
            .AsAIAgent(name: "team").AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        var (one, other) = (await team.CreateSessionAsync(), await team.CreateSessionAsync());
        await team.RunAsync("call weather {\"city\":\"Oslo\"}", one);
        await team.RunAsync("call weather {\"city\":\"Rome\"}", other);
        await team.RunAsync("and more", one);
        await team.RunAsync("and more", other);

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Count.ShouldBe(2);
        rollouts.ShouldAllBe(rollout => rollout.Graph.Threads.Count == 3 && rollout.Graph.CodexTurns.Count == 6);
    }

    [Fact]
    public async Task An_agent_without_a_name_that_is_made_anew_for_each_run_goes_on_with_its_conversation()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        System.Text.Json.JsonElement? stored = null;
        foreach (var question in (string[])["one", "two", "three"])
        {
            var agent = new ChatClientAgent(Traced(model), instructions: "You help.").AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
            var session = stored is { } state ? await agent.DeserializeSessionAsync(state) : await agent.CreateSessionAsync();
            await agent.RunAsync(question, session);
            stored = await agent.SerializeSessionAsync(session);
        }

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.Single().Graph.CodexTurns.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_agent_and_its_client_may_both_be_instrumented()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var client = Chat.Bare(model).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        var agent = new ChatClientAgent(client, instructions: "Be brief.", name: "helper").AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        await agent.RunAsync("hello");

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
    }

    private static AIAgent Agent(ScriptedModel model, string name, string description, params AITool[] tools) =>
        new ChatClientAgent(
                Chat.Bare(model).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build(),
                instructions: $"You are {name}.", name: name, description: description, tools: [.. tools, Weather])
            .AsBuilder()
            .UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true)
            .Build();

    private static IChatClient Traced(ScriptedModel model) =>
        Chat.Bare(model).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();

    private static ChatClientAgentOptions Reduced(IChatReducer reducer, InMemoryChatHistoryProviderOptions.ChatReducerTriggerEvent when) =>
        new() { ChatHistoryProvider = new InMemoryChatHistoryProvider(new() { ChatReducer = reducer, ReducerTriggerEvent = when }) };

    // Five turns of one session.
    private static async Task AskAsync(ScriptedModel model, ChatClientAgentOptions options)
    {
        options.Name = "helper";
        options.ChatOptions = new() { Instructions = "You are helper.", Tools = [Weather] };
        var agent = new ChatClientAgent(Traced(model), options).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).Build();
        var session = await agent.CreateSessionAsync();
        foreach (var question in (string[])["one", "two", "three", "call weather {\"city\":\"Oslo\"}", "five"])
        {
            await agent.RunAsync(question, session);
        }
    }

    private static bool IsSummary(Exchange exchange) => exchange.Saw[^1].EndsWith("Condense what was said.", StringComparison.Ordinal);

    private static AIFunction Weather { get; } = AIFunctionFactory.Create((string city) => $"rain in {city}", "weather", "Weather in a city");
}
