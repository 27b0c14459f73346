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
        var rollout = Open(name);
        foreach (var tool in rollout.Graph.ToolCalls.Values)
        {
            var expected = tool.Requester is RequestedByCodeCell cell
                ? rollout.Graph.CodeCells.GetValueOrDefault(cell.CodeCellId)?.CodeCellId
                : rollout.Graph.InferenceCalls.Values.FirstOrDefault(call =>
                    call.ToolCallIdsStartedByResponse.Contains(tool.ToolCallId) || call.ResponseItemIds.Any(tool.ModelVisibleCallItemIds.Contains))?.InferenceCallId
                    ?? tool.StartedByCodexTurnId ?? tool.ThreadId;

            CauseOf(rollout, tool.ToolCallId).ShouldBe(expected, tool.ToolCallId);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_item_comes_from_what_delivered_or_produced_it(string name)
    {
        var rollout = Open(name);
        foreach (var item in rollout.Graph.ConversationItems.Values)
        {
            var expected = rollout.Graph.InteractionEdges.Values.FirstOrDefault(edge => edge.Target is ConversationItemAnchor target && target.ItemId == item.ItemId)?.EdgeId
                ?? (item.ProducedBy is [] ? null : Producers(item)[0]);
            if (expected is not null)
            {
                CauseOf(rollout, item.ItemId).ShouldBe(expected, item.ItemId);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_process_comes_from_the_operation_that_made_it_and_led_to_all_others_on_it(string name)
    {
        var rollout = Open(name);
        foreach (var terminal in rollout.Graph.TerminalSessions.Values)
        {
            var explanation = Explanation.Of(rollout, terminal.TerminalId).Single(explanation => explanation.Kind == "terminal");

            explanation.Steps.Last(step => step.Role == ExplanationRole.Cause).Id.ShouldBe(FirstCommand(rollout.Graph, terminal) ?? terminal.CreatedByOperationId);
            explanation.Steps.Where(step => step.Role == ExplanationRole.Effect).Select(step => step.Id!).ShouldBe(terminal.OperationIds, ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_agent_comes_from_the_call_that_spawned_it_and_received_what_was_sent_to_it(string name)
    {
        var rollout = Open(name);
        foreach (var thread in rollout.Graph.Threads.Values)
        {
            var explanation = Explanation.Of(rollout, thread.ThreadId).ShouldHaveSingleItem();

            if (thread.Origin is SpawnedOrigin origin && rollout.Graph.InteractionEdges.GetValueOrDefault(origin.SpawnEdgeId)?.Source is ToolCallAnchor spawner)
            {
                explanation.Steps.Last(step => step.Role == ExplanationRole.Cause).Id.ShouldBe(spawner.ToolCallId);
            }

            var received = rollout.Graph.InteractionEdges.Values.Where(edge => ThreadOf(rollout.Graph, edge.Target) == thread.ThreadId).Select(edge => edge.EdgeId);
            received.ShouldBeSubsetOf(explanation.Steps.Where(step => step.Role == ExplanationRole.Effect).Select(step => step.Id!));
        }
    }

    [Theory]
    [InlineData(TestBundle.Root, "spawned it, by no call that was recorded")]
    [InlineData("gone", "thread gone spawned it, of which this bundle knows nothing")]
    public void An_agent_that_no_call_spawned_comes_from_its_parent(string parent, string words)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new ThreadStartedEvent
        {
            ThreadId = "child",
            AgentPath = "/root/writer",
            MetadataPayload = bundle.Payload(PayloadKind.SessionMetadata, $$$$$"""{"session_source":{"subagent":{"thread_spawn":{"parent_thread_id":"{{{{{parent}}}}}"}}}}"""),
        });

        var explanation = Explanation.Of(OpenRollout.OfState(bundle.Reduce().Graph), "child").ShouldHaveSingleItem();

        explanation.Steps.Last(step => step.Role == ExplanationRole.Cause).Text.ShouldContain(words);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_chain_of_causes_begins_with_input_or_says_where_knowledge_ends(string name)
    {
        var rollout = Open(name);
        foreach (var tool in rollout.Graph.ToolCalls.Values)
        {
            var first = Explanation.Of(rollout, tool.ToolCallId).ShouldHaveSingleItem().Steps[0];
            var known = first.Id is null ? null : Explanation.Of(rollout, first.Id).First(explanation => explanation.Id == first.Id);

            (known is null || !known.Steps.Any(step => step.Role == ExplanationRole.Cause)).ShouldBeTrue(first.Text);
        }
    }

    [Fact]
    public void The_span_of_a_runtime_is_told_of_with_its_call()
    {
        var bundle = BundleReader.Open(ConformanceCase.Named("mixed-1001").Bundle);
        var rollout = OpenRollout.Open(bundle);
        var spans = RolloutSpans.Of(rollout);
        var runtime = spans.First(span => span.Attributes.ContainsKey(RolloutAttributes.Process.ExecutableName));
        var tool = spans.Single(span => span.Reference == runtime.Parent).Attributes[RolloutAttributes.Tool.Id];

        Explanation.Of(rollout, runtime.Reference.SpanId).ShouldHaveSingleItem().Id.ShouldBe(tool);
        Explanation.Of(rollout, $"{runtime.Reference.TraceId}-{runtime.Reference.SpanId}").ShouldHaveSingleItem().Id.ShouldBe(tool);
        Explanation.Of(OpenRollout.OfState(rollout.Graph), runtime.Reference.SpanId).ShouldBeEmpty();
    }

    [Fact]
    public void Every_span_that_is_exported_can_be_asked_about()
    {
        var bundle = BundleReader.Open(ConformanceCase.Named("mixed-1001").Bundle);
        var rollout = OpenRollout.Open(bundle);

        foreach (var span in RolloutSpans.Of(rollout))
        {
            Explanation.Of(rollout, span.Reference.SpanId).Count.ShouldBe(1, span.Name);
        }
    }

    [Fact]
    public void An_id_that_nothing_has_is_not_explained() => Explanation.Of(Open("mixed-1001"), "nothing-has-this").ShouldBeEmpty();

    private static OpenRollout Open(string name) => OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));

    private static string? CauseOf(OpenRollout rollout, string id) =>
        Explanation.Of(rollout, id).First(explanation => explanation.Id == id).Steps.LastOrDefault(step => step.Role == ExplanationRole.Cause)?.Id;

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

    [Fact]
    public void Of_a_compaction_it_says_what_went_what_stays_and_what_came_instead_with_bytes_and_tokens()
    {
        const string Hi = """{"role":"user","content":"hi"}""";
        const string Ho = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hoho"}]}""";
        const string Summary = """{"role":"user","content":"They greeted."}""";
        const string Usage = """{"input_tokens":TOKENS,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":1}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{Hi}}]}""").Respond("i1", $$"""{"output_items":[{{Ho}}],"token_usage":{{Usage.Replace("TOKENS", "40")}}}""", "r1");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{Hi}},{{Ho}}],"replacement_history":[{{Hi}},{{Summary}}]}"""),
        });
        bundle.Request("i2", $$"""{"input":[{{Hi}},{{Summary}}]}""").Respond("i2", $$"""{"output_items":[{{Ho}}],"token_usage":{{Usage.Replace("TOKENS", "7")}}}""", "r2");
        var rollout = OpenRollout.Open(bundle.Open());

        var steps = Explanation.Of(rollout, "k1").ShouldHaveSingleItem().Steps;

        steps.Single(step => step.Role == ExplanationRole.Subject).Text.ShouldBe(
            "compaction k1, 2 items (6 bytes; 40 tokens in the last request before) became 2 items (15 bytes; 7 tokens in the next request)");
        steps.Where(step => step.Role == ExplanationRole.Effect).Select(step => step.Text).ShouldBe([
            "the history goes on with conversation_item:5, 13 bytes: They greeted.",
            "what stays is conversation_item:4, user message: hi; it was conversation_item:1, 2 bytes",
            "what went is conversation_item:2, assistant message: hoho; 4 bytes"]);
    }
}
