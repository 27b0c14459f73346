using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

/// <summary>What a log tells beyond the state is collected while it is replayed.</summary>
public class FactTablesTests
{
    private const string One = """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}]}""";

    [Fact]
    public void A_label_a_cancel_reason_and_metadata_are_kept_by_the_ids_of_what_they_are_of()
    {
        using var bundle = new TestBundle();
        var metadata = bundle.Payload(PayloadKind.SessionMetadata, "{}");
        bundle.Append(new ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/root", MetadataPayload = metadata });
        bundle.Append(new CodexTurnStartedEvent { CodexTurnId = TestBundle.Turn, ThreadId = TestBundle.Root });
        bundle.Request("i1", One).Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "interrupted" });
        bundle.Append(Tool("t1", "make"));

        var facts = bundle.Reduce().Facts;

        facts.ThreadMetadata.ShouldBe(new Dictionary<string, PayloadReference> { [TestBundle.Root] = metadata });
        facts.CancelReasons.ShouldBe(new Dictionary<string, string> { ["i1"] = "interrupted" });
        facts.ToolLabels.ShouldBe(new Dictionary<string, string> { ["t1"] = "make" });
        facts.LastEventAtUnixMs.ShouldBe(1770000000004);
    }

    [Fact]
    public void An_event_that_the_state_refuses_leaves_nothing_but_its_time()
    {
        using var bundle = new TestBundle().WithTurn().Append(Tool("t1", "make"));
        bundle.Append(Tool("t1", "another"));
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "unknown", Reason = "interrupted" });
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "unknown", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, "{}") });

        var result = bundle.Reduce();

        result.Diagnostics.Count.ShouldBe(2, "what is said of one object that is unknown is one diagnostic");
        result.Facts.ToolLabels.ShouldBe(new Dictionary<string, string> { ["t1"] = "make" });
        result.Facts.CancelReasons.ShouldBeEmpty();
        result.Facts.RuntimeEvents.ShouldBeEmpty();
        result.Facts.LastEventAtUnixMs.ShouldBe(1770000000005);
    }

    [Fact]
    public void What_is_told_of_an_id_that_is_used_again_is_of_its_latest_use()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i", """{"input":[]}""").Respond("i", """{"output_items":[]}""");
        bundle.Request("i", """{"input":[]}""").Append(new InferenceFailedEvent { InferenceCallId = "i", Error = "overloaded" });
        bundle.Append(Tool("t", "one")).Append(new ToolCallEndedEvent { ToolCallId = "t", Status = ExecutionStatus.Completed }).Append(Tool("t", "two"));
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "t", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, "{}") });

        var facts = bundle.Reduce().Facts;

        facts.RequestErrors.ShouldBe(new Dictionary<string, string> { ["i#2"] = "overloaded" });
        facts.ToolLabels.ShouldBe(new Dictionary<string, string> { ["t"] = "one", ["t#2"] = "two" });
        facts.RuntimeEvents.ShouldHaveSingleItem().Payload.ShouldBeOfType<ToolCallRuntimeStartedEvent>().ToolCallId.ShouldBe("t#2");
    }

    [Fact]
    public void Events_of_runtimes_are_kept_in_causal_order()
    {
        using var bundle = new TestBundle().WithTurn().Append(Tool("t1", "make"));
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "t1", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, "{}") });
        bundle.Append(new ProtocolEventObservedEvent { EventType = "a_word_of_the_programs", EventPayload = bundle.Payload(PayloadKind.ProtocolEvent, "{}") });
        bundle.Append(new ProtocolEventObservedEvent { EventType = Breadcrumbs.ToolCallRuntimeEnded, EventPayload = bundle.Payload(PayloadKind.ProtocolEvent, "{}") });

        bundle.Reduce().Facts.RuntimeEvents.Select(e => e.Seq).ShouldBe([4, 6]);
    }

    [Fact]
    public void Events_of_cells_are_kept_of_those_whose_call_was_never_seen()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new CodeCellStartedEvent { RuntimeCellId = "1", ModelVisibleCallId = "seen", SourceJs = "f()" });
        bundle.Append(new CodeCellStartedEvent { RuntimeCellId = "2", ModelVisibleCallId = "never", SourceJs = "g()" });
        bundle.Append(new CodeCellInitialResponseEvent { RuntimeCellId = "2", Status = CodeCellRuntimeStatus.Yielded });
        bundle.Append(new CodeCellEndedEvent { RuntimeCellId = "1", Status = CodeCellRuntimeStatus.Completed });
        bundle.Request("i1", """{"input":[{"type":"custom_tool_call","call_id":"seen","name":"exec","input":"f()"}]}""");
        bundle.Append(new CodeCellEndedEvent { RuntimeCellId = "2", Status = CodeCellRuntimeStatus.Failed });

        var result = bundle.Reduce();

        result.Graph.CodeCells.Keys.ShouldBe(["code_cell:seen"]);
        result.Facts.LooseCellEvents.Select(e => e.Payload.GetType().Name).ShouldBe([nameof(CodeCellStartedEvent), nameof(CodeCellInitialResponseEvent), nameof(CodeCellEndedEvent)]);
        result.Facts.LooseCellEvents.Select(e => e.Payload).OfType<CodeCellStartedEvent>().ShouldHaveSingleItem().ModelVisibleCallId.ShouldBe("never");
    }

    [Fact]
    public void A_span_has_the_first_parent_the_last_attributes_and_the_first_end_of_its_events()
    {
        using var bundle = new TestBundle().WithTurn();
        var payload = bundle.Payload(PayloadKind.InferenceRequest, One);
        bundle.Append(new InferenceStartedEvent { InferenceCallId = "i1", ThreadId = TestBundle.Root, CodexTurnId = TestBundle.Turn, Model = "m", ProviderName = "p", RequestPayload = payload }, Span("00000000000000aa", """{"a":1}"""));
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "no" }, Span("00000000000000bb", """{"a":1,"error.type":"500"}"""));
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "late" }, Span(parent: null, attributes: null));

        var span = bundle.Reduce().Facts.Spans["00000000000000cc"];

        span.ParentSpanId.ShouldBe("00000000000000aa");
        span.Attributes!.Select(a => $"{a.Key}={a.Value}").ShouldBe(["a=1", "error.type=500"]);
        (span.EndedAtUnixMs, span.Status).ShouldBe((1770000000003, ExecutionStatus.Failed));
    }

    [Fact]
    public void Requests_and_responses_that_are_not_known_are_named_with_the_cause()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"input":[],"rollout_trace_error":"too large"}""")
            .Request("i2", One)
            .Respond("i2", """{"output_items":[],"rollout_trace_error":"too large"}""", "r2")
            .Request("i3", """{"previous_response_id":"r2","input":[]}""")
            .Request("i4", """{"input":[]}""");

        var facts = bundle.Reduce().Facts;

        facts.UnknownRequests.ShouldBe(new Dictionary<string, string> { ["i1"] = "replaced raw_payload:1", ["i3"] = "replaced raw_payload:3" });
        facts.UnknownResponses.ShouldBe(new Dictionary<string, string> { ["i2"] = "replaced raw_payload:3" });
    }

    [Fact]
    public void A_log_without_events_has_no_facts()
    {
        using var bundle = new TestBundle();
        File.WriteAllText(Path.Join(bundle.Directory, "trace.jsonl"), "");

        var facts = bundle.Reduce().Facts;

        facts.LastEventAtUnixMs.ShouldBeNull();
        facts.Spans.ShouldBeEmpty();
        facts.UnknownRequests.ShouldBeEmpty();
    }

    private static ToolCallStartedEvent Tool(string id, string label) => new()
    {
        ToolCallId = id,
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.ForOther("other"),
        Summary = new GenericSummary { Label = label },
    };

    private static EventSpan Span(string? parent, string? attributes) => new()
    {
        TraceId = "0000000000000000000000000000000f",
        SpanId = "00000000000000cc",
        ParentSpanId = parent,
        Attributes = attributes is null ? null : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(attributes),
    };
}
