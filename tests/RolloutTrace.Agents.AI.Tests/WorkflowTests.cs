using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests;

public sealed class WorkflowTests
{
    private const string OneRun =
        """
        /root completed
          turn completed
        /root/writer completed
          turn completed
            request completed: 1 items -> assistant: It rains. (100/10)
        /root/critic completed
          turn completed
            request completed: 2 items -> assistant: Too short. (100/10)

        """;

    [Fact]
    public async Task The_run_of_a_workflow_that_has_spans_is_a_turn_and_its_agents_were_handed_the_work()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));

        await RunAsync(new WorkflowBuilder(writer).AddEdge(writer, critic).WithOpenTelemetry().Build());

        Sound(app.Bundles()).ShouldBe([OneRun]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_only_hands_a_message_over_adds_nothing_before_the_agents_work_or_after(bool isBefore)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));
        var workflow = new WorkflowBuilder(writer).AddEdge(writer, critic).WithOpenTelemetry().Build();
        using var runs = new WorkflowRuns();

        await using (var run = await InProcessExecution.RunStreamingAsync(workflow, Said("Write.")))
        {
            if (isBefore)
            {
                await runs.UntilAsync(ended: 1);
            }

            await run.TrySendMessageAsync(new TurnToken(emitEvents: true));
            await foreach (var _ in run.WatchStreamAsync())
            {
            }

            if (!isBefore)
            {
                var ended = runs.Ended;
                await run.TrySendMessageAsync(Said("More."));
                await runs.UntilAsync(ended + 1);
            }
        }

        Sound(app.Bundles()).ShouldBe([OneRun]);
    }

    [Fact]
    public async Task Without_spans_nothing_tells_that_the_agents_of_a_workflow_belong_together()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));

        await RunAsync(new WorkflowBuilder(writer).AddEdge(writer, critic).Build());

        Sound(app.Bundles()).ShouldBe(
        [
            "/root completed\n  turn completed\n    request completed: 1 items -> assistant: It rains. (100/10)\n",
            "/root completed\n  turn completed\n    request completed: 2 items -> assistant: Too short. (100/10)\n",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_workflow_used_as_an_agent_has_its_agents_as_threads_that_go_on_from_run_to_run(bool hasSpans)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));
        var builder = new WorkflowBuilder(writer).AddEdge(writer, critic);

        await RunTwiceAsync((hasSpans ? builder.WithOpenTelemetry() : builder).Build());

        Sound(app.Bundles()).ShouldBe(
        [
            """
            /root completed
              turn completed
              turn completed
            /root/writer completed
              turn completed
                request completed: 1 items -> assistant: It rains. (100/10)
              turn completed
                request completed: 3 items -> assistant: It rains. (100/10)
            /root/critic completed
              turn completed
                request completed: 2 items -> assistant: Too short. (100/10)
              turn completed
                request completed: 5 items -> assistant: Too short. (100/10)

            """,
        ]);
    }

    [Fact]
    public async Task Agents_that_work_side_by_side_are_threads_each()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));

        await RunTwiceAsync(AgentWorkflowBuilder.BuildConcurrent([Agent(app, "writer"), Agent(app, "critic")]));

        var rollout = app.Bundle();
        Sound([rollout]);
        rollout.Graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/writer", "/root/critic"], ignoreOrder: true);
        rollout.Graph.CodexTurns.Values.GroupBy(turn => turn.ThreadId).Select(turns => turns.Count()).ShouldBe([2, 2, 2]);
    }

    [Fact]
    public async Task A_conversation_that_one_agent_hands_to_another_leads_from_the_call_to_that_agent()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script(handsOff: true)));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));

        await RunTwiceAsync(AgentWorkflowBuilder.CreateHandoffBuilderWith(writer).WithHandoff(writer, critic).Build());

        Sound(app.Bundles()).ShouldBe(
        [
            """
            /root completed
              turn completed
              turn completed
            /root/writer completed
              turn completed
                request completed: 1 items -> call call_1 {} (100/10)
                handoff_to_1 completed call_1 -> Transferred.
              turn completed
                request completed: 5 items -> call call_3 {} (100/10)
                handoff_to_1 completed call_3 -> 
            /root/critic completed
              turn completed
                request completed: 1 items -> assistant: Too short. (100/10)
              turn completed
                request completed: 3 items -> assistant: Too short. (100/10)
            spawnagent: handoff_to_1 -> /root/critic

            """,
        ]);
    }

    [Fact]
    public async Task A_group_of_agents_that_take_turns_is_sound()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Script()));
        AIAgent[] agents = [Agent(app, "writer"), Agent(app, "critic")];

        await RunTwiceAsync(AgentWorkflowBuilder.CreateGroupChatBuilderWith(a => new RoundRobinGroupChatManager(a) { MaximumIterationCount = 4 }).AddParticipants(agents).Build());

        var rollout = app.Bundle();
        Sound([rollout]);
        rollout.Graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/writer", "/root/critic"]);
    }

    [Fact]
    public async Task An_agent_of_a_workflow_that_fails_fails_in_its_own_thread()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => request.Seen[0].Contains("critic", StringComparison.Ordinal) ? Answer.Fails(400) : Answer.Says("It rains.")));
        var (writer, critic) = (Agent(app, "writer"), Agent(app, "critic"));

        await RunAsync(new WorkflowBuilder(writer).AddEdge(writer, critic).WithOpenTelemetry().Build(), fails: true);

        var story = Story.Of(app.Bundle());
        story.ShouldContain("/root/writer completed\n  turn completed\n    request completed: 1 items -> assistant: It rains. (100/10)\n");
        story.ShouldContain("  turn failed\n    request failed: 2 items -> \n");
    }

    private static IReadOnlyList<string> Sound(IReadOnlyList<OpenRollout> rollouts)
    {
        foreach (var rollout in rollouts)
        {
            rollout.Diagnostics.ShouldBeEmpty();
            RolloutAnomalies.Find(rollout).ShouldBeEmpty();
        }

        return [.. rollouts.Select(Story.Of)];
    }

    private static async Task RunAsync(Workflow workflow, bool fails = false)
    {
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, Said("Write."));
        await run.TrySendMessageAsync(new TurnToken(emitEvents: true));
        var failures = await run.WatchStreamAsync().CountAsync(happened => happened is WorkflowErrorEvent or ExecutorFailedEvent);
        (failures > 0).ShouldBe(fails);
    }

    private static List<ChatMessage> Said(string text) => [new(ChatRole.User, text)];

    private static async Task RunTwiceAsync(Workflow workflow)
    {
        var team = workflow.AsAIAgent(name: "team").AsBuilder().UseRolloutTracing().Build();
        var session = await team.CreateSessionAsync();
        await team.RunAsync("Write.", session);
        await team.RunAsync("Again.", session);
    }

    // Each call has an id of its own.
    private static Func<ReceivedRequest, Answer> Script(bool handsOff = false)
    {
        var asked = 0;
        return request =>
        {
            Interlocked.Increment(ref asked);
            return !request.Seen[0].Contains("writer", StringComparison.Ordinal) ? Answer.Says("Too short.")
                : handsOff ? Answer.Asks(($"call_{asked}", (string)request.Body["tools"]![0]!["function"]!["name"]!, "{}"))
                : Answer.Says("It rains.");
        };
    }

    private static AIAgent Agent(TracedApplication app, string name) => new ChatClientAgent(
            app.Client(client => client.UseRolloutTracing()), new ChatClientAgentOptions { Name = name, ChatOptions = new() { Instructions = $"You are {name}." } })
        .AsBuilder().UseRolloutTracing().Build();
}
