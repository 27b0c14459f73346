using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>Each answer is checked against what the state says, looked up here in another way.</summary>
public sealed class ExplanationTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_tool_call_comes_from_the_request_whose_response_has_the_call_or_from_the_cell_that_issued_it(string name)
    {
        var index = Index(name);
        foreach (var tool in index.Graph.ToolCalls.Values)
        {
            var expected = tool.Requester is RequestedByCodeCell cell
                ? index.Graph.CodeCells.GetValueOrDefault(cell.CodeCellId)?.CodeCellId
                : index.Graph.InferenceCalls.Values.FirstOrDefault(call =>
                    call.ToolCallIdsStartedByResponse.Contains(tool.ToolCallId) || call.ResponseItemIds.Any(tool.ModelVisibleCallItemIds.Contains))?.InferenceCallId
                    ?? tool.StartedByCodexTurnId ?? tool.ThreadId;

            CauseOf(index, tool.ToolCallId).ShouldBe(expected, tool.ToolCallId);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_item_comes_from_what_delivered_or_produced_it(string name)
    {
        var index = Index(name);
        foreach (var item in index.Graph.ConversationItems.Values)
        {
            var expected = index.Graph.InteractionEdges.Values.FirstOrDefault(edge => edge.Target is ConversationItemAnchor target && target.ItemId == item.ItemId)?.EdgeId
                ?? (item.ProducedBy is [] ? null : Producers(item)[0]);
            if (expected is not null)
            {
                CauseOf(index, item.ItemId).ShouldBe(expected, item.ItemId);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_process_comes_from_the_operation_that_made_it_and_led_to_all_others_on_it(string name)
    {
        var index = Index(name);
        foreach (var terminal in index.Graph.TerminalSessions.Values)
        {
            var explanation = Explanation.Of(index, terminal.TerminalId).Single(explanation => explanation.Kind == "terminal");

            explanation.Steps.Last(step => step.Role == "cause").Id.ShouldBe(FirstCommand(index.Graph, terminal) ?? terminal.CreatedByOperationId);
            explanation.Steps.Where(step => step.Role == "effect").Select(step => step.Id!).ShouldBe(terminal.OperationIds, ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_agent_comes_from_the_call_that_spawned_it_and_received_what_was_sent_to_it(string name)
    {
        var index = Index(name);
        foreach (var thread in index.Graph.Threads.Values)
        {
            var explanation = Explanation.Of(index, thread.ThreadId).ShouldHaveSingleItem();

            if (thread.Origin is SpawnedOrigin origin && index.Graph.InteractionEdges.GetValueOrDefault(origin.SpawnEdgeId)?.Source is ToolCallAnchor spawner)
            {
                explanation.Steps.Last(step => step.Role == "cause").Id.ShouldBe(spawner.ToolCallId);
            }

            var received = index.Graph.InteractionEdges.Values.Where(edge => ThreadOf(index.Graph, edge.Target) == thread.ThreadId).Select(edge => edge.EdgeId);
            received.ShouldBeSubsetOf(explanation.Steps.Where(step => step.Role == "effect").Select(step => step.Id!));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_chain_of_causes_begins_with_input_or_says_where_knowledge_ends(string name)
    {
        var index = Index(name);
        foreach (var tool in index.Graph.ToolCalls.Values)
        {
            var first = Explanation.Of(index, tool.ToolCallId).ShouldHaveSingleItem().Steps[0];
            var known = first.Id is null ? null : Explanation.Of(index, first.Id).First(explanation => explanation.Id == first.Id);

            (known is null || !known.Steps.Any(step => step.Role == "cause")).ShouldBeTrue(first.Text);
        }
    }

    [Fact]
    public void The_span_of_a_runtime_is_told_of_with_its_call()
    {
        var bundle = BundleReader.Open(ConformanceCase.Named("mixed-1001").Bundle);
        var index = new RolloutIndex(RolloutReducer.Reduce(bundle).Graph);
        var spans = RolloutSpans.Of(index, bundle);
        var runtime = spans.First(span => span.Attributes.ContainsKey(RolloutAttributes.Process.ExecutableName));
        var tool = spans.Single(span => span.Reference == runtime.Parent).Attributes[RolloutAttributes.Tool.Id];

        Explanation.Of(index, runtime.Reference.SpanId, bundle).ShouldHaveSingleItem().Id.ShouldBe(tool);
        Explanation.Of(index, $"{runtime.Reference.TraceId}-{runtime.Reference.SpanId}", bundle).ShouldHaveSingleItem().Id.ShouldBe(tool);
        Explanation.Of(index, runtime.Reference.SpanId).ShouldBeEmpty();
    }

    [Fact]
    public void Every_span_that_is_exported_can_be_asked_about()
    {
        var bundle = BundleReader.Open(ConformanceCase.Named("mixed-1001").Bundle);
        var index = new RolloutIndex(RolloutReducer.Reduce(bundle).Graph);

        foreach (var span in RolloutSpans.Of(index, bundle))
        {
            Explanation.Of(index, span.Reference.SpanId, bundle).Count.ShouldBe(1, span.Name);
        }
    }

    [Fact]
    public void An_id_that_nothing_has_is_not_explained() => Explanation.Of(Index("mixed-1001"), "nothing-has-this").ShouldBeEmpty();

    private static RolloutIndex Index(string name) => new(RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph);

    private static string? CauseOf(RolloutIndex index, string id) =>
        Explanation.Of(index, id).First(explanation => explanation.Id == id).Steps.LastOrDefault(step => step.Role == "cause")?.Id;

    private static string? FirstCommand(RolloutGraph graph, TerminalSession terminal) => graph.TerminalOperations.Values
        .Where(operation => operation.Kind == TerminalOperationKind.ExecCommand && terminal.OperationIds.Contains(operation.OperationId))
        .OrderBy(operation => operation.Execution.StartedSeq)
        .FirstOrDefault()?.OperationId;

    private static List<string> Producers(ConversationItem item) =>
    [
        .. item.ProducedBy.Select(producer => producer switch
        {
            InferenceProducer inference => inference.InferenceCallId,
            ToolProducer tool => tool.ToolCallId,
            CodeCellProducer cell => cell.CodeCellId,
            CompactionProducer compaction => compaction.CompactionId,
            _ => throw new InvalidOperationException(),
        }),
    ];

    private static string ThreadOf(RolloutGraph graph, InteractionAnchor anchor) => anchor switch
    {
        ConversationItemAnchor item => graph.ConversationItems[item.ItemId].ThreadId,
        ThreadAnchor thread => thread.ThreadId,
        ToolCallAnchor tool => graph.ToolCalls[tool.ToolCallId].ThreadId,
        _ => throw new InvalidOperationException(),
    };
}
