using OpenTelemetry.Trace;
using RolloutTrace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace QuickStart.Tests;

[Collection(nameof(RecordedRun))]
public sealed class ScriptedAgentTests(RecordedRun run)
{
    [Fact]
    public void The_bundle_whole() => Snapshot.Match(BundlePrinter.Print(run.Bundle, run.Spans));

    [Fact]
    public void The_spans_whole()
    {
        var processId = run.Spans.Single(s => s.DisplayName is "sh" or "cmd").GetTagItem("process.pid")!.ToString()!;
        var text = SpanPrinter.Print(run.Spans).Replace($"process.pid = {processId}", "process.pid = <pid>", StringComparison.Ordinal);

        Snapshot.Match(new StableText().Of(text));
    }

    [Fact]
    public void Every_kind_of_event_occurs_that_a_sound_rollout_has()
    {
        var types = Reader().ReadEvents().Select(line => line.Event.ShouldNotBeNull(line.Defect?.Text).Payload.GetType()).ToHashSet();
        var known = typeof(RawEventPayload).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RawEventPayload)));

        known.Except(types).ShouldBe([typeof(CompactionRequestFailedEvent), typeof(OtherEvent)], ignoreOrder: true);
    }

    [Fact]
    public void The_bundle_reduces_strictly_and_without_diagnostics()
    {
        RolloutReducer.Reduce(run.Bundle, new ReductionOptions { Strict = true }).Graph.Status.ShouldBe(RolloutStatus.Completed);
        RolloutReducer.Reduce(run.Bundle).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Each_tool_call_of_the_model_is_started_by_one_response()
    {
        var graph = Graph();

        var started = graph.InferenceCalls.Values.SelectMany(call => call.ToolCallIdsStartedByResponse).Order(StringComparer.Ordinal);

        started.ShouldBe(["call_1", "call_2", "call_3", "call_4", "call_5", "call_6", "call_8", "call_9"]);
        foreach (var tool in graph.ToolCalls.Values.Where(t => t.Requester is RequestedByModel))
        {
            tool.ModelVisibleCallItemIds.Count.ShouldBe(1);
            tool.ModelVisibleOutputItemIds.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void The_cell_has_its_nested_call_its_wait_and_its_early_answer()
    {
        var graph = Graph();
        var cell = graph.CodeCells["code_cell:call_7"];

        var nested = graph.ToolCalls[cell.NestedToolCallIds.ShouldHaveSingleItem()];
        nested.Requester.ShouldBe(new RequestedByCodeCell { CodeCellId = "code_cell:call_7" });
        nested.McpCallId.ShouldNotBeNull();
        cell.WaitToolCallIds.ShouldBe(["call_8"]);
        cell.YieldedSeq.ShouldNotBeNull();
        cell.RuntimeStatus.ShouldBe(CodeCellRuntimeStatus.Completed);
        cell.OutputItemIds.Count.ShouldBe(1);
    }

    [Fact]
    public void The_terminal_has_both_operations()
    {
        var graph = Graph();

        var session = graph.TerminalSessions.ShouldHaveSingleItem().Value;
        session.TerminalId.ShouldBe("1001");
        session.OperationIds.Select(id => graph.TerminalOperations[id].ToolCallId).ShouldBe(["call_2", "call_1"], ignoreOrder: true);
        graph.TerminalOperations.Values.ShouldAllBe(o => o.Result!.Stdout == "Hello, Ada" && o.ModelObservations.Count == 1);
    }

    [Fact]
    public void Edges_of_all_kinds_lead_where_the_message_was_seen()
    {
        var graph = Graph();

        graph.InteractionEdges.Values.Select(e => $"{e.Kind}: {Place(graph, e.Source)} -> {Place(graph, e.Target)}").ShouldBe(
            [
                "AgentResult: Assistant of /root/reviewer -> Assistant of /root",
                "AgentResult: Assistant of /root/reviewer -> Assistant of /root",
                "SpawnAgent: call_3 -> Assistant of /root/reviewer",
                "SendMessage: call_4 -> Assistant of /root/reviewer",
                "AssignAgentTask: call_5 -> Assistant of /root/reviewer",
                "CloseAgent: call_6 -> /root/reviewer",
            ]);
        graph.InteractionEdges.Values.Where(e => e.Target is ConversationItemAnchor).Select(e => e.Target).ShouldBeUnique();
    }

    [Fact]
    public void A_sampler_that_drops_everything_changes_what_is_exported_and_not_what_is_recorded()
    {
        using var dropped = new RecordedRun(new AlwaysOffSampler());

        dropped.Exported.ShouldBe(0);
        run.Exported.ShouldBe(run.Spans.Count);
        BundlePrinter.Print(dropped.Bundle, dropped.Spans).ShouldBe(BundlePrinter.Print(run.Bundle, run.Spans));
    }

    [Fact]
    public void The_spans_are_made_again_from_the_bundle() => run.Spans.ShouldBeMadeAgainFrom(run.Bundle);

    [Fact]
    public void With_message_content_switched_on_the_spans_are_made_again_with_it()
    {
        using var open = new RecordedRun(new AlwaysOnSampler(), captureMessageContent: true);

        open.Spans.ShouldContain(span => span.TagObjects.Any(tag => tag.Key == RolloutAttributes.GenAI.InputMessages));
        open.Spans.ShouldBeMadeAgainFrom(open.Bundle, withContent: true);
    }

    private BundleReader Reader() => BundleReader.Open(run.Bundle);

    private RolloutGraph Graph() => RolloutReducer.Reduce(run.Bundle).Graph;

    private static string Place(RolloutGraph graph, InteractionAnchor anchor) => anchor switch
    {
        ToolCallAnchor tool => tool.ToolCallId,
        ConversationItemAnchor item => $"{graph.ConversationItems[item.ItemId].Role} of {graph.Threads[graph.ConversationItems[item.ItemId].ThreadId].AgentPath}",
        ThreadAnchor thread => graph.Threads[thread.ThreadId].AgentPath,
        _ => throw new InvalidOperationException(),
    };
}
