using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Tests.Codex;

public sealed class CodexImporterTests
{
    private const string Image = """{"type":"input_image","image_url":"data:image/png;base64,AAAA"}""";

    [Fact]
    public void Items_up_to_the_next_output_or_message_are_one_answer()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("first").Calls("c1").Calls("c2").Output("c2").Output("c1").Says("last").Completed("t1").Import();

        session.Requests.Count.ShouldBe(2);
        session.Saw(2).ShouldBe(["user: go", "assistant: first", "call c1 {}", "call c2 {}", "output c2: done", "output c1: done"]);
        session.Answered(2).ShouldBe(["assistant: last"]);
        session.Turns.ShouldBe(["Completed: r1 r2"]);
        session.Anomalies.ShouldBeEmpty();
        session.Requests[0].ToolCallIdsStartedByResponse.ShouldBe(["c1", "c2"]);
    }

    [Fact]
    public void A_request_starts_with_the_last_thing_that_it_saw()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Raw("""{"timestamp":"2026-11-20T09:00:30.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}}""").Import();

        (session.Requests[0].Execution.EndedAtUnixMs - session.Requests[0].Execution.StartedAtUnixMs).ShouldBe(27_000);
    }

    [Fact]
    public void An_aborted_turn_is_aborted_with_its_running_request_and_calls()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c0").Output("c0").Count(10, 0, 1).Says("so").Calls("c1").Aborted("t1")
            .Started("t2").Context("t2").User("again").Says("done").Completed("t2").Import();

        session.Turns.ShouldBe(["Aborted: r1 r2", "Completed: r3"]);
        session.Requests.Select(static request => request.Execution.Status).ShouldBe([ExecutionStatus.Completed, ExecutionStatus.Aborted, ExecutionStatus.Completed]);
        session.Answered(2).ShouldBe(["assistant: so", "call c1 {}"]);
        session.Tools.ShouldBe(["c0 shell Completed", "c1 shell Aborted"]);
        session.Requests[1].ToolCallIdsStartedByResponse.ShouldBe(["c1"]);
        session.Saw(3).ShouldBe(["user: go", "call c0 {}", "output c0: done", "assistant: so", "call c1 {}", "user: again"]);
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
        session.Anomalies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_program_tells_of_an_interruption_leaves_the_running_answer_and_the_stopped_call_aborted(bool isAborted)
    {
        const string Told = "<turn_aborted>\\nThe user interrupted the previous turn on purpose.\\n</turn_aborted>";
        var log = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Calls("c2").Count(10, 0, 1).Output("c1", "\"aborted by users all over\\nthe world\"").Output("c2", "\"Wall time: 2.9 seconds\\naborted by user\"");
        var session = (isAborted ? log.User(Told).Aborted("t1") : log.Completed("t1"))
            .Started("t2").Context("t2").User("again").Says("let me").User(isAborted ? Told : "faster").Aborted("t2")
            .Started("t3").Context("t3").User("well").Says("done").Completed("t3").Import();

        session.Tools.ShouldBe(["c1 shell Completed", isAborted ? "c2 shell Aborted" : "c2 shell Completed"]);
        session.Turns.ShouldBe([isAborted ? "Aborted: r1" : "Completed: r1", "Aborted: r2", "Completed: r3"]);
        session.Requests.Select(static request => request.Execution.Status).ShouldBe([ExecutionStatus.Completed, isAborted ? ExecutionStatus.Aborted : ExecutionStatus.Completed, ExecutionStatus.Completed]);
        session.Saw(3)[^4..].ShouldBe(["user: again", "assistant: let me", isAborted ? $"user: {Told.Replace("\\n", "\n", StringComparison.Ordinal)}" : "user: faster", "user: well"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_turn_that_is_aborted_while_a_tool_works_has_a_completed_request()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Calls("c2").Count(10, 0, 1).Output("c1").Aborted("t1").Import();

        session.Requests.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
        session.Tools.ShouldBe(["c1 shell Completed", "c2 shell Aborted"]);
        session.Turns.ShouldBe(["Aborted: r1"]);
    }

    [Fact]
    public void A_turn_that_is_aborted_before_any_answer_has_no_request()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Aborted("t1").Import();

        session.Turns.ShouldBe(["Aborted:"]);
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
    }

    [Fact]
    public void Tokens_are_the_differences_of_counts_wherever_these_stand()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go")
            .Event("""{"type":"token_count","info":null}""")
            .Calls("c1").Output("c1").Count(100, 10, 5).Count(100, 10, 5)
            .Says("one").Count(250, 60, 12).Completed("t1")
            .Started("t2").Context("t2").User("more").Says("two").Completed("t2").Count(400, 160, 20).Import();

        session.Usage(1).ShouldBe("100 10 0 5 0");
        session.Usage(2).ShouldBe("150 50 0 7 0");
        session.Usage(3).ShouldBe("150 100 0 8 0");
    }

    [Fact]
    public void Counts_that_begin_anew_are_the_last_answers_own()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("one").Count(1000, 0, 50).Completed("t1")
            .Started("t2").Context("t2").User("more").Says("two").Event("""{"type":"token_count","info":{"total_token_usage":{"input_tokens":70,"cached_input_tokens":0,"output_tokens":9,"reasoning_output_tokens":2},"last_token_usage":{"input_tokens":60,"cached_input_tokens":1,"output_tokens":8,"reasoning_output_tokens":2}}}""").Completed("t2").Import();

        session.Usage(2).ShouldBe("60 1 0 8 2");
    }

    [Fact]
    public void What_is_counted_between_requests_is_the_compactions()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("one").Count(100, 0, 5).Completed("t1")
            .Started("t2").Count(180, 0, 25).Line("compacted", """{"message":"Summary.","replacement_history":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Summary."}]}]}""")
            .User("more").Says("two").Count(200, 0, 30).Completed("t2").Import();

        var request = session.Graph.CompactionRequests.Values.ShouldHaveSingleItem();
        session.Payload(request.RawResponsePayloadId!).ShouldContain("\"input_tokens\":80,\"cached_input_tokens\":0,\"cache_write_input_tokens\":0,\"output_tokens\":20");
        session.Usage(1).ShouldBe("100 0 0 5 0");
        session.Usage(2).ShouldBe("20 0 0 5 0");
        session.Saw(2).ShouldBe(["user: Summary.", "user: more"]);
        session.Graph.Compactions.Values.ShouldHaveSingleItem().InputItemIds.Select(session.Item).ShouldBe(["user: go", "assistant: one"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_replacement_the_history_is_unknown_and_nothing_is_concluded_from_it()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Output("c1").Line("compacted", """{"message":"Summary."}""")
            .Says("two").Completed("t1").Started("t2").Context("t2").User("more").Says("three").Completed("t2").Import();

        session.Graph.Compactions.Count.ShouldBe(1);
        session.Saw(3).ShouldBe(["assistant: two", "user: more"]);
        session.Anomalies.ShouldBe(["evidence_missing"]);
        session.Payload(session.Graph.RawPayloads.Values.Single(static reference => reference.Kind == PayloadKind.CompactionCheckpoint).RawPayloadId).ShouldContain("\"message\":\"Summary.\"");
    }

    [Fact]
    public void Each_turn_has_its_model()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1", "big").User("go").Says("one").Completed("t1").Started("t2").Context("t2", "small").User("more").Says("two").Completed("t2").Import();

        session.Requests.Select(static request => request.Model).ShouldBe(["big", "small"]);
    }

    [Fact]
    public void Older_logs_tell_turns_by_their_contexts_alone()
    {
        var session = new CodexLog().Meta().Context(null).User("go").Says("one").Context(null).User("more").Calls("c1").Output("c1").Says("two").Import();

        session.Turns.ShouldBe(["Completed: r1", "Completed: r2 r3"]);
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void The_first_versions_wrote_items_as_they_are_behind_a_line_about_the_session()
    {
        var session = new CodexLog()
            .Raw("""{"id":"7f9f9a2e-1b3c-4c7a-9b0e-000000000001","timestamp":"2025-07-01T10:00:00.000Z","instructions":"Be brief.","git":{"branch":"main"}}""")
            .Raw("""{"record_type":"state"}""")
            .Raw("""{"type":"message","id":null,"role":"user","content":[{"type":"input_text","text":"list files"}]}""")
            .Raw("""{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"think"}],"encrypted_content":"gAAA"}""")
            .Raw("""{"type":"function_call","id":"fc_1","name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"call_1"}""")
            .Raw("""{"type":"function_call_output","call_id":"call_1","output":"{\"output\":\"a.txt\"}"}""")
            .Raw("""{"record_type":"state"}""")
            .Raw("""{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"a.txt"}]}""")
            .Raw("""{"type":"message","role":"user","content":[{"type":"input_text","text":"thanks"}]}""")
            .Raw("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Any time."}]}""")
            .Import();

        session.Graph.RolloutId.ShouldBe("7f9f9a2e-1b3c-4c7a-9b0e-000000000001");
        session.Turns.ShouldBe(["Completed: r1 r2", "Completed: r3"]);
        session.Saw(3)[^1].ShouldBe("user: thanks");
        session.Answered(3).ShouldBe(["assistant: Any time."]);
        session.Graph.ToolCalls.Values.ShouldHaveSingleItem().ModelVisibleCallId.ShouldBe("call_1");
        session.Anomalies.ShouldBeEmpty();
        session.Result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void A_context_that_comes_again_in_its_turn_begins_none()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Output("c1").Context("t1", "other").Says("two").Completed("t1").Import();

        session.Turns.ShouldBe(["Completed: r1 r2"]);
        session.Requests[1].Model.ShouldBe("other");
    }

    [Theory]
    [InlineData("user")]
    [InlineData("answer")]
    [InlineData("output")]
    public void A_log_that_ends_in_the_middle_of_a_turn_gives_a_rollout_without_an_end(string last)
    {
        var log = new CodexLog().Meta().Started("t1").Context("t1").User("go");
        log = last switch { "user" => log, "answer" => log.Says("so").Calls("c1"), _ => log.Calls("c1").Output("c1") };
        var session = log.Import();

        session.Graph.Status.ShouldBe(RolloutStatus.Running);
        session.Result.Rollouts[0].HasEnded.ShouldBeFalse();
        session.Result.IsSound.ShouldBeTrue();
        session.Turns.ShouldHaveSingleItem().ShouldStartWith("Running");
        session.Tools.ShouldBe(last switch { "user" => [], "answer" => ["c1 shell Running"], _ => ["c1 shell Completed"] });
    }

    [Fact]
    public void Kinds_of_tools_are_told_by_their_names()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go")
            .Calls("c1", "exec_command").Calls("c2", "mcp__docs__search").Calls("c3", "spawn_agent", """{"message":"do it"}""").Calls("c4", "wait", """{"ids":["a"]}""").Calls("c5", "write_stdin", """{"chars":""}""").Calls("c6", "read_file")
            .Item("""{"type":"local_shell_call","call_id":"c7","status":"completed","action":{"type":"exec","command":["ls","-l"],"timeout_ms":100}}""")
            .Item("""{"type":"custom_tool_call","call_id":"c8","name":"exec","input":"text(1)"}""")
            .Output("c1", "\"Exit code: 1\\nOutput:\\nno\"").Output("c2").Output("c3").Output("c4").Output("c5").Output("c6", """{"content":"no","success":false}""").Output("c7")
            .Item("""{"type":"custom_tool_call_output","call_id":"c8","output":"1"}""").Says("done").Completed("t1").Import();

        session.Graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq).Select(static tool => tool.Kind.Type).ShouldBe(
            [ToolCallKindType.ExecCommand, ToolCallKindType.Mcp, ToolCallKindType.SpawnAgent, ToolCallKindType.Other, ToolCallKindType.WriteStdin, ToolCallKindType.Other, ToolCallKindType.ExecCommand]);
        session.Graph.ToolCalls["c1"].Execution.Status.ShouldBe(ExecutionStatus.Completed);
        session.Graph.ToolCalls["c6"].Execution.Status.ShouldBe(ExecutionStatus.Failed);
        session.Graph.ToolCalls["c7"].RawInvocationPayloadId.ShouldNotBeNull();
        session.Graph.CodeCells.Values.ShouldHaveSingleItem().SourceJs.ShouldBe("text(1)");
        session.Breadcrumbs.ShouldBe(["tool_invocation", "tool_invocation"]);
    }

    [Fact]
    public void Images_are_taken_by_strict_readers_however_often_they_are_in_the_history()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1")
            .Item($$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"look"},{{Image}}]}""").Calls("c1", "view_image").Output("c1", $"[{Image}]")
            .Says("a cat").Calls("c2").Output("c2").Says("done").Completed("t1").Started("t2").Context("t2").User("more").Says("end").Completed("t2").Import();

        session.Saw(4).ShouldBe(["user: look[input_image]", "call c1 {}", "output c1: [input_image]", "assistant: a cat", "call c2 {}", "output c2: done", "assistant: done", "user: more"]);
        session.Anomalies.ShouldBeEmpty();
        session.ReductionDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void The_sum_of_requests_grows_with_the_log_and_not_with_its_square()
    {
        var log = new CodexLog().Meta().Started("t1").Context("t1").User("go");
        var text = new string('x', 10_000);
        for (var i = 0; i < 200; i++)
        {
            log.Calls($"c{i}").Output($"c{i}", $"\"{text}\"");
        }

        var session = log.Says("done").Completed("t1").Import();

        session.Saw(201).Length.ShouldBe(401);
        session.Graph.RawPayloads.Values.Where(static reference => reference.Kind == PayloadKind.InferenceRequest).Sum(reference => session.Payload(reference.RawPayloadId).Length).ShouldBeLessThan(4_000_000);
        session.Anomalies.ShouldBe(["repeated_call"]);
    }

    [Fact]
    public void A_torn_or_unknown_line_costs_itself_and_is_told()
    {
        var session = new CodexLog().Raw("""{"timestamp":"2026-11-20T08:59:59.000Z","type":"world_state","payload":{"a":1}}""").Meta().Started("t1").Context("t1").User("go")
            .Raw("""{"timestamp":"2026-11-20T09:00:03.000Z","type":"response_item","payl""")
            .Item("""{"type":"future_item","text":"x"}""").Event("""{"type":"future_event"}""").Line("future_line", """{"version":9}""").Line("future_line", "3").Raw("[1]")
            .Says("done").Completed("t1").Raw("""{"timestamp":"2026-11-20T09:00""").Import();

        session.Saw(1).ShouldBe(["user: go"]);
        session.Breadcrumbs.ShouldBe(["world_state", "response_item", "event_msg", "future_line", "future_line"]);
        session.Diagnostics.ShouldBe(["line_unknown 1 1", "line_unreadable 6 2", "line_unknown 7 1", "line_unknown 8 1", "line_unknown 9 2", "line_unreadable 11 1"]);
        session.Result.IsSound.ShouldBeFalse();
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
    }

    [Fact]
    public void A_reasoning_item_that_says_nothing_is_left_out_of_what_models_saw()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Item("""{"type":"reasoning","summary":[]}""").Item("""{"type":"reasoning","summary":[],"content":null,"encrypted_content":"abc"}""").Says("so").Completed("t1").Import();

        session.Answered(1).Length.ShouldBe(2);
    }

    [Fact]
    public void A_rollback_is_told_as_such_and_is_no_defect()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("one").Says("1").Completed("t1").Started("t2").Context("t2").User("two").Says("2").Completed("t2")
            .Event("""{"type":"thread_rolled_back","num_turns":1}""").Started("t3").Context("t3").User("three").Says("3").Completed("t3").Import();

        session.Saw(3).ShouldBe(["user: one", "assistant: 1", "user: three"]);
        session.RequestPayload(3).ShouldContain("\"rewound\":true");
        session.Anomalies.ShouldBe(["rewound"]);
    }

    [Fact]
    public void Two_sessions_are_two_rollouts_and_a_session_that_comes_twice_is_one()
    {
        using var directory = new ImportDirectory();
        directory.With("2026/a.jsonl", new CodexLog().Meta("s1").Started("t1").User("go").Says("x").Completed("t1").Lines)
            .With("2026/b.jsonl", new CodexLog().Meta("s2").Started("t1").User("go").Says("x").Completed("t1").Lines)
            .With("2026/c.jsonl", new CodexLog().Meta("s1").Started("t1").User("go").Says("x").Completed("t1").Lines);

        var result = directory.Run();

        result.Rollouts.Select(static rollout => rollout.RolloutId).ShouldBe(["s1", "s2"]);
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(ImportCodes.RolloutRepeated);
    }

    [Theory]
    [InlineData("a", "b", "c")]
    [InlineData("c", "b", "a")]
    [InlineData("b", "c", "a")]
    public void A_session_in_several_files_is_one_and_what_they_repeat_is_read_once(string one, string two, string rest)
    {
        var first = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("one").Count(10, 0, 1);
        var longer = new CodexLog();
        first.Lines.ToList().ForEach(line => longer.Raw(line));
        longer.Completed("t1").Started("t2").Context("t2").User("go").Says("two").Count(30, 0, 3).Completed("t2");
        var behind = new CodexLog();
        longer.Lines.ToList().ForEach(line => behind.Raw(line));
        behind.Meta().Started("t3").Context("t3").User("go").Says("three").Count(60, 0, 6).Completed("t3");
        using var directory = new ImportDirectory();
        directory.With($"{one}.jsonl", first.Lines).With($"{two}.jsonl", longer.Lines).With($"{rest}.jsonl", [.. behind.Lines.Skip(longer.Lines.Count)]);

        var session = directory.RunOne();

        session.Turns.ShouldBe(["Completed: r1", "Completed: r2", "Completed: r3"]);
        session.Saw(3).ShouldBe(["user: go", "assistant: one", "user: go", "assistant: two", "user: go"]);
        session.Usage(1).ShouldBe("10 0 0 1 0");
        session.Usage(3).ShouldBe("30 0 0 3 0");
        session.Diagnostics.ShouldBe(["rollout_repeated  1"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Without_its_first_line_a_session_has_a_derived_id_and_all_the_rest()
    {
        var session = new CodexLog().Started("t1").Context("t1").User("go").Says("x").Completed("t1").Import();

        session.Saw(1).ShouldBe(["user: go"]);
        session.Diagnostics.ShouldBe(["reference_missing 1 1"]);
        Guid.Parse(session.Graph.RolloutId).Version.ShouldBe(8);
    }

    [Fact]
    public void Windows_line_ends_a_byte_order_mark_and_half_pairs_are_read()
    {
        using var directory = new ImportDirectory();
        var lines = string.Join("\r\n", new CodexLog().Meta().Started("t1").User("caf\\ud83d").Says("x").Completed("t1").Lines);
        directory.With("a.jsonl", [0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(lines)]);

        var session = directory.RunOne();

        session.Saw(1).ShouldBe(["user: caf\ufffd"]);
        session.Result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Null_members_and_wrong_types_are_no_trouble()
    {
        var session = new CodexLog().Line("session_meta", $$"""{"id":"{{CodexLog.Session}}","cwd":null,"source":{"subagent":"review"},"model_provider":null,"base_instructions":null}""")
            .Event("""{"type":"task_started","turn_id":null}""").Line("turn_context", """{"model":null,"turn_id":5}""")
            .User("go").Calls("c1").Output("c1", "null").Event("""{"type":"token_count","info":{"total_token_usage":null}}""").Event("null").Says("x").Event("""{"type":"task_complete"}""").Import();

        session.Requests.Count.ShouldBe(2);
        session.Requests[0].Model.ShouldBe("unknown");
        session.Turns.ShouldBe(["Completed: r1 r2"]);
    }
}
