using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

/// <summary>What can be read of a line that is not as the format has it is read, and what was mended is told.</summary>
public sealed class LineRepairTests : IDisposable
{
    private const string Head = """{"schema_version":1,"seq":7,"wall_time_unix_ms":5,"rollout_id":"r","thread_id":"t","codex_turn_id":"u","payload":""";
    private const string Ended = Head + """{"type":"codex_turn_ended","codex_turn_id":"u","status":"completed"}}""";
    private const string Started = Head + """{"type":"codex_turn_started","codex_turn_id":"u","thread_id":"t"}}""";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Two_whole_events_on_a_line_are_both_given_in_their_order()
    {
        var lines = Read(Started + Ended);

        lines.Select(line => line.Event?.Payload.GetType()).ShouldBe([typeof(CodexTurnStartedEvent), typeof(CodexTurnEndedEvent)]);
        lines.SelectMany(line => line.Repairs).Select(repair => repair.Kind).ShouldBe([LineDefectKind.Fused]);
        lines.ShouldAllBe(line => line.Defect != null && line.LineNumber == 1);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(120)]
    public void Behind_a_torn_event_the_whole_one_is_given(int length)
    {
        var line = Read(Started[..length] + Ended).ShouldHaveSingleItem();

        line.Event.ShouldNotBeNull().Payload.ShouldBeOfType<CodexTurnEndedEvent>();
        line.Repairs.ShouldHaveSingleItem().ShouldBe(new LineDefect(LineDefectKind.Remains, $"the line has {length} bytes that are no event beside one that is; they are passed over"));
    }

    [Fact]
    public void Before_a_torn_event_the_whole_one_is_given() =>
        Read(Ended + Started[..40]).ShouldHaveSingleItem().Event.ShouldNotBeNull().Payload.ShouldBeOfType<CodexTurnEndedEvent>();

    [Fact]
    public void Behind_a_run_of_nul_bytes_the_event_is_given()
    {
        var line = Read(new string('\0', 3_000) + Ended).ShouldHaveSingleItem();

        line.Event.ShouldNotBeNull().Seq.ShouldBe(7);
        line.Repairs.ShouldHaveSingleItem().Kind.ShouldBe(LineDefectKind.Remains);
    }

    // Exceptions are what a log of millions of such lines costs.
    [Theory]
    [InlineData("x", 1)]
    [InlineData("null and void", 1)]
    [InlineData("{\"a\":", 3)]
    [InlineData("{\"a\":1}", 2)]
    [InlineData("[]", 2)]
    public void A_line_that_is_no_event_is_refused_with_few_exceptions(string text, int most)
    {
        var thread = Environment.CurrentManagedThreadId;
        var thrown = 0;
        void Count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            Read(text).ShouldHaveSingleItem().Defect.ShouldNotBeNull();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        thrown.ShouldBeInRange(1, most);
    }

    [Fact]
    public void A_byte_order_mark_before_the_first_line_is_passed_over() =>
        Read("\uFEFF" + Ended).ShouldHaveSingleItem().Repairs.ShouldHaveSingleItem().Kind.ShouldBe(LineDefectKind.ByteOrderMark);

    [Fact]
    public void Lines_may_end_as_on_windows() => Read(Started + "\r\n" + Ended + "\r\n").ShouldAllBe(line => line.Event != null && line.Defect == null);

    [Theory]
    [InlineData("deep")]
    [InlineData("wide")]
    public void A_hostile_line_takes_time_that_grows_with_it_and_no_more(string shape)
    {
        // Were each beginning of an event read to the end of the line, this would not end.
        var line = string.Concat(Enumerable.Repeat(shape == "deep" ? "{\"schema_version\":[" : "{\"schema_version\":1} ,", 200_000));

        Read(line).ShouldHaveSingleItem().Event.ShouldBeNull();
    }

    [Theory]
    [InlineData("failed_by_budget", ExecutionStatus.Failed)]
    [InlineData("ERROR", ExecutionStatus.Failed)]
    [InlineData("user_interrupt", ExecutionStatus.Cancelled)]
    [InlineData("timed_out", ExecutionStatus.Cancelled)]
    [InlineData("budget_exceeded", ExecutionStatus.Cancelled)]
    [InlineData("aborted_by_peer", ExecutionStatus.Cancelled)]
    [InlineData("done", ExecutionStatus.Completed)]
    [InlineData("Completed", ExecutionStatus.Completed)]
    public void A_status_that_nobody_knows_is_an_end_all_the_same(string word, ExecutionStatus expected)
    {
        var line = Read(Ended.Replace("completed", word, StringComparison.Ordinal)).ShouldHaveSingleItem();

        line.Event!.Payload.ShouldBeOfType<CodexTurnEndedEvent>().Status.ShouldBe(expected);
        line.Repairs.ShouldHaveSingleItem().Text.ShouldContain($"'{word}'");
    }

    [Fact]
    public void A_rollout_has_no_cancelled_and_is_aborted() =>
        Read(Head + """{"type":"rollout_ended","status":"cancelled_by_user"}}""").ShouldHaveSingleItem()
            .Event!.Payload.ShouldBeOfType<RolloutEndedEvent>().Status.ShouldBe(RolloutStatus.Aborted);

    [Fact]
    public void A_tool_of_an_unknown_kind_a_summary_and_a_requester_of_next_month_leave_the_tool_call()
    {
        var line = Read(Head + """{"type":"tool_call_started","tool_call_id":"c","requester":{"type":"planner"},"kind":{"type":"browser"},"summary":{"type":"browser_page","label":"open"},"invocation_payload":{"raw_payload_id":"raw_payload:1","kind":{"type":"page"},"path":"payloads\\1.json"}}}""").ShouldHaveSingleItem();

        var tool = line.Event!.Payload.ShouldBeOfType<ToolCallStartedEvent>();
        tool.Kind.ShouldBe(ToolCallKind.ForOther("browser"));
        tool.Requester.ShouldBe(new ModelRequester());
        tool.Summary.ShouldBe(new GenericSummary { Label = "open" });
        tool.InvocationPayload.ShouldNotBeNull().KindName.ShouldBe("page");
        line.Repairs.Select(repair => repair.Cause).ShouldBe(["word requester planner", "word kind browser", "word summary browser_page"]);
    }

    [Fact]
    public void An_event_of_an_unknown_type_keeps_the_payloads_that_it_names()
    {
        var line = Read(Head + """{"type":"planning_done","plan":[{"raw_payload_id":"raw_payload:4","kind":{"type":"plan"},"path":"payloads/4.json"}]}}""").ShouldHaveSingleItem();

        var other = line.Event!.Payload.ShouldBeOfType<OtherEvent>();
        other.Kind.ShouldBe("planning_done");
        other.Payloads.ShouldHaveSingleItem().RawPayloadId.ShouldBe("raw_payload:4");
        line.Repairs.ShouldHaveSingleItem().Kind.ShouldBe(LineDefectKind.UnknownType);
    }

    [Fact]
    public void Turns_of_another_harness_are_turns()
    {
        var line = Read(Head.Replace("codex_turn_id", "agent_turn_id", StringComparison.Ordinal) + """{"type":"agent_turn_started","agent_turn_id":"u9","thread_id":"t"}}""").ShouldHaveSingleItem();

        line.Event!.CodexTurnId.ShouldBe("u");
        line.Event.Payload.ShouldBe(new CodexTurnStartedEvent { CodexTurnId = "u9", ThreadId = "t" });
        line.Repairs.Select(repair => repair.Cause).Distinct().ShouldBe(["names of turns"]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("""{"trace_id":"x"}""")]
    [InlineData("""{"trace_id":"x","span_id":"y"}""")]
    [InlineData("""{"trace_id":"0AF7651916CD43DD8448EB211C80319C","span_id":"b7ad6b7169203331"}""")]
    public void Somebody_elses_otel_member_is_ignored_and_mentioned(string otel)
    {
        var line = Read($$"""{{Ended[..^1]}},"otel":{{otel}}}""").ShouldHaveSingleItem();

        (line.Event?.Otel, line.Defect).ShouldBe((null, null), "no reader refuses it");
        line.Repairs.ShouldHaveSingleItem().Kind.ShouldBe(LineDefectKind.MemberIgnored);
    }

    [Theory]
    [InlineData("""{"seq":7,"wall_time_unix_ms":1,"rollout_id":"r","payload":{"type":"rollout_started","trace_id":"t","root_thread_id":"r"}}""")]
    [InlineData("""{"schema_version":1,"seq":1,"seq":7,"wall_time_unix_ms":1,"rollout_id":"r","payload":{"type":"rollout_started","trace_id":"t","root_thread_id":"r"}}""")]
    [InlineData("""{"schema_version":1,"seq":7,"wall_time_unix_ms":1,"rollout_id":"\ud800","payload":{"type":"rollout_started","trace_id":"t","root_thread_id":"r"}}""")]
    public void An_envelope_with_one_thing_wrong_is_an_event(string text)
    {
        var line = Read(text).ShouldHaveSingleItem();

        line.Event.ShouldNotBeNull().Seq.ShouldBe(7);
        line.Defect.ShouldNotBeNull();
    }

    [Fact]
    public void An_event_without_the_id_of_its_subject_is_none() =>
        Read(Head + """{"type":"tool_call_ended","status":"completed"}}""").ShouldHaveSingleItem().Event.ShouldBeNull();

    [Fact]
    public void A_start_without_what_it_could_do_without_is_a_start()
    {
        var line = Read(Head + """{"type":"inference_started","inference_call_id":"i","codex_turn_id":"u","model":5}}""").ShouldHaveSingleItem();

        var started = line.Event!.Payload.ShouldBeOfType<InferenceStartedEvent>();
        (started.ThreadId, started.Model, started.ProviderName, started.RequestPayload.RawPayloadId).ShouldBe(("t", "5", "", "raw_payload:unknown@7"));
    }

    private RawEventLine[] Read(string log)
    {
        File.WriteAllText(Path.Join(directory.FullName, "manifest.json"), """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""");
        File.WriteAllBytes(Path.Join(directory.FullName, "trace.jsonl"), Encoding.UTF8.GetBytes(log));
        return [.. BundleReader.Open(directory.FullName).ReadEvents()];
    }
}
