using System.Text.Json.Nodes;
using CodingAgent.ScriptedModel;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests;

/// <summary>The fixed task from end to end: what the state says of it is what happened.</summary>
[Collection(Rollouts.Name)]
public sealed class FixedTaskTests(RecordedTask task)
{
    private const string Root = "/root";
    private const string Helper = "/root/reviewer";

    [Fact]
    public void The_state_whole() => Snapshot.Match(StatePrinter.Print(task.Graph));

    [Fact]
    public void The_agent_does_what_it_was_asked_for() => task.Run.FixedScript.ShouldContain("tr 'A-Z' 'a-z'");

    [Fact]
    public void The_bundle_reduces_without_diagnostics_and_to_the_same_state_in_both_modes()
    {
        var tolerant = RolloutReducer.Reduce(task.Bundle);

        tolerant.Diagnostics.ShouldBeEmpty();
        tolerant.Graph.Status.ShouldBe(RolloutStatus.Completed);
        Json(tolerant.Graph).ShouldBe(Json(task.Graph));
    }

    [Theory]
    [InlineData(Root)]
    [InlineData(Helper)]
    public void What_the_server_received_in_each_request_is_what_the_state_says_the_model_saw(string agent)
    {
        var received = task.Run.ReceivedFrom(agent).Where(r => r.Answer.Name != "summary").ToList();
        var calls = Calls(agent);

        calls.Count.ShouldBe(received.Count);
        foreach (var (call, request) in calls.Zip(received))
        {
            call.RequestItemIds.Select(id => ItemText.OfState(task.Graph.ConversationItems[id]))
                .ShouldBe(request.Conversation.Items.Select(ItemText.OfWire), $"before {request.Answer.Name}");
        }
    }

    [Theory]
    [InlineData(Root)]
    [InlineData(Helper)]
    public void Requests_and_output_items_in_the_bundle_are_the_exact_JSON_of_the_wire(string agent)
    {
        var received = task.Run.ReceivedFrom(agent).Where(r => r.Answer.Name != "summary").ToList();
        foreach (var (call, request) in Calls(agent).Zip(received))
        {
            task.Payload(call.RawRequestPayloadId).ShouldBe(request.Body, request.Answer.Name);
            if (call.Execution.Status == ExecutionStatus.Completed)
            {
                System.Text.Encoding.UTF8.GetString(task.Payload(call.RawResponsePayloadId!))
                    .ShouldContain($"\"output_items\":[{string.Join(',', request.Answer.Items.Select(i => i.ToJsonString()))}]");
            }
        }
    }

    [Fact]
    public void The_compaction_was_asked_for_with_the_whole_history_and_is_recorded_as_sent()
    {
        var received = task.Run.Received.Single(r => r.Answer.Name == "summary");
        var request = task.Graph.CompactionRequests.Values.ShouldHaveSingleItem();
        var compaction = task.Graph.Compactions.Values.ShouldHaveSingleItem();

        task.Payload(request.RawRequestPayloadId).ShouldBe(received.Body);
        compaction.RequestIds.ShouldBe([request.CompactionRequestId]);
        compaction.InputItemIds.Select(id => ItemText.OfState(task.Graph.ConversationItems[id]))
            .ShouldBe(received.Conversation.Items.SkipLast(1).Select(ItemText.OfWire));
    }

    [Fact]
    public void Requests_are_full_and_incremental_and_one_failed_and_one_was_cancelled()
    {
        var received = task.Run.ReceivedFrom(Root).Where(r => r.Answer.Name != "summary").ToList();
        var statuses = Calls(Root).Zip(received, (call, request) => (call.Execution.Status, request.Answer.Name, IsFull: !request.Json.ContainsKey("previous_response_id"))).ToList();

        statuses.Where(s => s.IsFull).Select(s => (s.Name, s.Status)).ShouldBe(
            [
                ("test", ExecutionStatus.Failed),
                ("test", ExecutionStatus.Completed),
                ("style", ExecutionStatus.Completed),
                ("retest", ExecutionStatus.Completed),
            ]);
        statuses.Where(s => s.Status == ExecutionStatus.Cancelled).Select(s => s.Name).ShouldBe(["temptation"]);
        statuses.Count(s => !s.IsFull).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Each_tool_call_names_who_asked_for_it()
    {
        var startedByResponse = task.Graph.InferenceCalls.Values.SelectMany(c => c.ToolCallIdsStartedByResponse).ToList();
        var asked = task.Run.Received.SelectMany(r => r.Answer.Items)
            .Where(i => (string?)i["type"] is "function_call" || ((string?)i["type"] is "custom_tool_call" && (string?)i["name"] != "exec"))
            .Select(i => (string)i["call_id"]!)
            .Distinct();

        startedByResponse.ShouldBeUnique();
        startedByResponse.ShouldBe(asked, ignoreOrder: true);
        foreach (var tool in task.Graph.ToolCalls.Values)
        {
            if (tool.Requester is RequestedByCodeCell { CodeCellId: var cell })
            {
                task.Graph.CodeCells[cell].NestedToolCallIds.ShouldContain(tool.ToolCallId);
            }
            else
            {
                startedByResponse.ShouldContain(tool.ToolCallId);
                tool.ModelVisibleCallItemIds.Count.ShouldBe(1);
                tool.ModelVisibleOutputItemIds.Count.ShouldBe(1);
            }
        }
    }

    [Fact]
    public void Code_cells_have_their_nested_calls_their_early_answers_and_their_ends()
    {
        var survey = task.Graph.CodeCells["code_cell:call_survey"];
        var watch = task.Graph.CodeCells["code_cell:call_watch"];

        survey.NestedToolCallIds.Select(id => task.Graph.ToolCalls[id].Requester).Distinct()
            .ShouldBe([new RequestedByCodeCell { CodeCellId = survey.CodeCellId }]);
        survey.NestedToolCallIds.Count.ShouldBe(2);
        survey.WaitToolCallIds.ShouldBe(["call_survey_wait"]);
        survey.YieldedSeq.ShouldNotBeNull();
        survey.RuntimeStatus.ShouldBe(CodeCellRuntimeStatus.Completed);
        watch.NestedToolCallIds.ShouldBeEmpty();
        watch.WaitToolCallIds.ShouldBe(["call_watch_end"]);
        watch.YieldedSeq.ShouldNotBeNull();
        watch.RuntimeStatus.ShouldBe(CodeCellRuntimeStatus.Terminated);
    }

    [Fact]
    public void The_terminal_has_the_command_that_went_on_and_both_writes()
    {
        var terminal = task.Graph.TerminalSessions.Values.ShouldHaveSingleItem();
        var operations = terminal.OperationIds.Select(id => task.Graph.TerminalOperations[id]).ToList();

        terminal.ThreadId.ShouldBe(task.Graph.RootThreadId);
        operations.Select(o => (o.ToolCallId, o.Kind)).ShouldBe(
            [
                ("call_titles", TerminalOperationKind.ExecCommand),
                ("call_titles_one", TerminalOperationKind.WriteStdin),
                ("call_titles_two", TerminalOperationKind.WriteStdin),
            ],
            ignoreOrder: true);
        operations.Single(o => o.ToolCallId == "call_titles").Result!.Stdout.ShouldBe("hello-world\ntwo-spaces\n");
        operations.Single(o => o.ToolCallId == "call_titles_two").Result!.Stdout.ShouldBe("Process exited with code 0\nOutput:\nhello-world\ntwo-spaces\n");
        operations.ShouldAllBe(o => o.ModelObservations.Count == 1);
    }

    [Fact]
    public void Edges_of_all_five_kinds_lead_from_who_caused_them_to_where_they_were_seen()
    {
        Edges(task.Graph).ShouldBe(
            [
                $"AgentResult: {Helper} \"assistant: tr ' ' '-' keeps capitals, and makes one hyphen of each space. The test wants lower case and single hyphens.\" -> {Root}",
                $"AgentResult: {Helper} \"assistant: The change is right, and plain sh.\" -> {Root}",
                $"AssignAgentTask: call_followup -> {Helper} \"{Root} to {Helper}: {RootScript.SecondTask}\"",
                $"CloseAgent: call_close -> {Helper}",
                $"SendMessage: call_message -> {Helper} \"{Root} to {Helper}: It has to stay plain sh.\"",
                $"SpawnAgent: call_spawn -> {Helper} \"{Root} to {Helper}: {RootScript.FirstTask}\"",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Messages_between_agents_may_be_assistant_messages_where_an_endpoint_knows_no_others()
    {
        using var recording = new Recording();
        var run = await TaskRun.RunAsync(settings => settings with { Endpoint = settings.Endpoint with { KnowsAgentMessages = false } });
        recording.Stop();

        run.Received.SelectMany(r => r.Conversation.Items).ShouldAllBe(i => (string?)i["type"] != "agent_message");
        var graph = RolloutReducer.Reduce(recording.Bundle(run), new ReductionOptions { Strict = true }).Graph;
        graph.InteractionEdges.Values.Select(e => e.Kind).ShouldBe(task.Graph.InteractionEdges.Values.Select(e => e.Kind), ignoreOrder: true);
    }

    [Fact]
    public void The_MCP_servers_log_and_the_state_are_joined_by_the_calls_id() =>
        task.Run.McpLog.ShouldBe([task.Graph.ToolCalls["call_style"].McpCallId.ShouldNotBeNull()]);

    private static string Json(RolloutGraph graph)
    {
        using var json = new MemoryStream();
        graph.Save(json);
        return System.Text.Encoding.UTF8.GetString(json.ToArray());
    }

    private static IEnumerable<string> Edges(RolloutGraph graph) => graph.InteractionEdges.Values.Select(e => $"{e.Kind}: {Place(graph, e.Source)} -> {(e.Kind == InteractionEdgeKind.AgentResult ? ThreadOf(graph, e.Target) : Place(graph, e.Target))}");

    private static string ThreadOf(RolloutGraph graph, InteractionAnchor anchor) =>
        graph.Threads[graph.ConversationItems[anchor.ShouldBeOfType<ConversationItemAnchor>().ItemId].ThreadId].AgentPath;

    private static string Place(RolloutGraph graph, InteractionAnchor anchor) => anchor switch
    {
        ToolCallAnchor tool => tool.ToolCallId,
        ConversationItemAnchor item => $"{ThreadOf(graph, item)} \"{ItemText.OfState(graph.ConversationItems[item.ItemId])}\"",
        ThreadAnchor thread => graph.Threads[thread.ThreadId].AgentPath,
        _ => throw new InvalidOperationException($"an anchor of type {anchor.GetType()}"),
    };

    private List<InferenceCall> Calls(string agent)
    {
        var thread = task.Graph.Threads.Values.Single(t => t.AgentPath == agent).ThreadId;
        return [.. task.Graph.InferenceCalls.Values.Where(c => c.ThreadId == thread).OrderBy(c => c.Execution.StartedSeq)];
    }
}
