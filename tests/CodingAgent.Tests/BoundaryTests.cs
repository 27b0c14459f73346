using System.Diagnostics;
using RolloutTrace;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace CodingAgent.Tests;

/// <summary>Everything that can be traced occurs in the fixed task, as spans and as raw events.</summary>
[Collection(Rollouts.Name)]
public sealed class BoundaryTests(RecordedTask task)
{
    [Theory]
    [InlineData("agent_session /root", ActivityKind.Internal, typeof(RolloutStartedEvent), typeof(ThreadStartedEvent), typeof(ThreadEndedEvent), typeof(RolloutEndedEvent))]
    [InlineData("agent_session /root/reviewer", ActivityKind.Internal, typeof(ThreadStartedEvent), typeof(ThreadEndedEvent))]
    [InlineData("invoke_agent root", ActivityKind.Internal, typeof(CodexTurnStartedEvent), typeof(CodexTurnEndedEvent))]
    [InlineData("chat scripted", ActivityKind.Client, typeof(InferenceStartedEvent), typeof(InferenceCompletedEvent), typeof(InferenceFailedEvent), typeof(InferenceCancelledEvent))]
    [InlineData("compact scripted", ActivityKind.Internal, typeof(CompactionInstalledEvent), typeof(CompactionRequestStartedEvent), typeof(CompactionRequestCompletedEvent))]
    [InlineData("execute_tool exec_command", ActivityKind.Internal, typeof(ToolCallStartedEvent), typeof(ToolCallEndedEvent))]
    [InlineData("sh", ActivityKind.Client, typeof(ToolCallRuntimeStartedEvent), typeof(ToolCallRuntimeEndedEvent))]
    [InlineData("tool_runtime apply_patch", ActivityKind.Internal, typeof(ToolCallRuntimeStartedEvent), typeof(ToolCallRuntimeEndedEvent))]
    [InlineData("tool_runtime write_stdin", ActivityKind.Internal)]
    [InlineData("tool_runtime mcp", ActivityKind.Internal, typeof(McpToolCallCorrelationAssignedEvent))]
    [InlineData("execute_tool exec", ActivityKind.Internal, typeof(CodeCellStartedEvent), typeof(CodeCellInitialResponseEvent), typeof(CodeCellEndedEvent))]
    public void Each_boundary_is_a_span_and_its_events(string span, ActivityKind kind, params Type[] events)
    {
        task.Spans.Where(s => s.DisplayName == span).ShouldNotBeEmpty();
        task.Spans.Where(s => s.DisplayName == span).ShouldAllBe(s => s.Kind == kind);
        task.Events().Select(e => e.GetType()).Intersect(events).ShouldBe(events, ignoreOrder: true);
    }

    [Fact]
    public void The_only_events_that_do_not_occur_are_those_of_what_does_not_happen()
    {
        var known = typeof(RawEventPayload).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RawEventPayload)));

        known.Except(task.Events().Select(e => e.GetType())).ShouldBe([typeof(CompactionRequestFailedEvent), typeof(OtherEvent)], ignoreOrder: true);
    }

    [Fact]
    public void The_tool_span_of_an_MCP_call_says_so()
    {
        var span = Span("execute_tool style__lookup");

        span.GetTagItem(RolloutAttributes.Mcp.MethodName).ShouldBe("tools/call");
        span.GetTagItem(RolloutAttributes.Mcp.SessionId).ShouldBe("style-1");
        span.GetTagItem(RolloutAttributes.Mcp.CallId).ShouldBe(task.Graph.ToolCalls["call_style"].McpCallId);
    }

    [Fact]
    public void An_agents_result_is_an_event_and_a_link_with_its_edge()
    {
        var edges = task.Events().OfType<AgentResultObservedEvent>().Select(e => e.EdgeId).ToList();

        edges.Count.ShouldBe(2);
        edges.ShouldAllBe(id => task.Graph.InteractionEdges.ContainsKey(id));
        Links("agent_result").Select(l => l.From.GetTagItem(RolloutAttributes.Edge.Id)).ShouldBe(edges, ignoreOrder: true);
    }

    [Fact]
    public void Breadcrumbs_are_recorded() =>
        task.Events().OfType<ProtocolEventObservedEvent>().Select(e => e.EventType).ShouldContain("turn_aborted");

    [Theory]
    [InlineData("session", "invoke_agent root -> agent_session /root", "invoke_agent reviewer -> agent_session /root/reviewer")]
    [InlineData("waits_for", "execute_tool wait -> execute_tool exec")]
    [InlineData("continues", "execute_tool write_stdin -> execute_tool exec_command")]
    [InlineData("compacted_by", "chat scripted -> compact scripted")]
    [InlineData("spawn_agent", "agent_session /root/reviewer -> execute_tool spawn_agent")]
    [InlineData("assign_agent_task", "chat scripted -> execute_tool followup_task")]
    [InlineData("send_message", "chat scripted -> execute_tool send_message")]
    [InlineData("agent_result", "chat scripted -> invoke_agent reviewer")]
    [InlineData("close_agent", "agent_session /root/reviewer -> execute_tool close_agent")]
    public void Links_of_each_kind_lead_to_what_they_name(string kind, params string[] expected) =>
        Links(kind).Select(l => $"{l.From.DisplayName} -> {l.To.DisplayName}").Distinct().ShouldBe(expected, ignoreOrder: true);

    [Fact]
    public void Each_call_of_a_model_links_to_the_request_that_asked_for_it()
    {
        var calls = task.Spans.Where(s => s.DisplayName.StartsWith("execute_tool ", StringComparison.Ordinal) && s.GetTagItem(RolloutAttributes.GenAI.ToolCallId) is not null).ToList();
        var caused = Links("caused_by").ToDictionary(l => l.From, l => l.To.GetTagItem(RolloutAttributes.Inference.Id));

        calls.Count.ShouldBe(19);
        foreach (var call in calls.Where(c => c.DisplayName != "execute_tool exec"))
        {
            var request = task.Graph.InferenceCalls[caused[call].ShouldBeOfType<string>()];
            request.ToolCallIdsStartedByResponse.ShouldContain((string)call.GetTagItem(RolloutAttributes.GenAI.ToolCallId)!);
        }
    }

    [Fact]
    public void All_spans_are_one_trace_and_hold_no_content()
    {
        var rollout = task.Spans.Where(s => s.Source.Name == RolloutActivitySource.Name).ToList();

        rollout.Select(s => s.TraceId).Distinct().Count().ShouldBe(1);
        rollout.SelectMany(s => s.TagObjects).ShouldAllBe(t => !$"{t.Value}".Contains("slug.sh", StringComparison.Ordinal));
    }

    [Fact]
    public void The_spans_are_made_again_from_the_bundle() => RolloutTrace.TestSupport.SpanComparison.ShouldBeMadeAgainFrom(task.Spans, task.Bundle);

    [Fact]
    public void List_inspect_exports_and_live_spans_count_the_same_tokens()
    {
        var bundle = BundleReader.Open(task.Bundle);
        var rollout = OpenRollout.Open(bundle);
        var total = InspectAnswer.Of(rollout, []).Usage.ShouldNotBeNull();
        var exported = RolloutSpans.Of(rollout);

        BundleOverview.Read(bundle, DateTimeOffset.UnixEpoch).Usage.ShouldBe(total);
        foreach (var operation in new[] { "chat", "invoke_agent" })
        {
            Live(operation, RolloutAttributes.GenAI.UsageInputTokens).ShouldBe(total.InputTokens);
            Live(operation, RolloutAttributes.GenAI.UsageOutputTokens).ShouldBe(total.OutputTokens);
            Exported(operation, RolloutAttributes.GenAI.UsageInputTokens).ShouldBe(total.InputTokens);
            Exported(operation, RolloutAttributes.GenAI.UsageOutputTokens).ShouldBe(total.OutputTokens);
        }

        long Live(string operation, string counts) => task.Spans
            .Where(span => Equals(span.GetTagItem(RolloutAttributes.GenAI.OperationName), operation))
            .Sum(span => Convert.ToInt64(span.GetTagItem(counts) ?? 0L, System.Globalization.CultureInfo.InvariantCulture));

        long Exported(string operation, string counts) => exported
            .Where(span => Equals(span.Attributes.GetValueOrDefault(RolloutAttributes.GenAI.OperationName), operation))
            .Sum(span => (long)span.Attributes.GetValueOrDefault(counts, 0L));
    }

    private Activity Span(string name) => task.Spans.Where(s => s.DisplayName == name).ShouldHaveSingleItem();

    private IEnumerable<(Activity From, Activity To)> Links(string kind)
    {
        var byId = task.Spans.ToDictionary(s => s.SpanId);
        return task.Spans.SelectMany(span => span.Links
            .Where(l => l.Tags?.Any(t => t.Key == "rollout.link.kind" && (string?)t.Value == kind) == true)
            .Select(l => (span, byId[l.Context.SpanId])));
    }
}
