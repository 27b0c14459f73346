using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Tests.Claude;

public sealed class ClaudeImporterTests
{
    [Fact]
    public void Lines_of_one_message_are_one_request_whose_usage_counts_once_as_last_told()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "so", 1).Calls("a2", "m1", "t1", output: 5).Calls("a3", "m1", "t2", output: 20)
            .Result("r1", "t1", "\"one\"", after: "a2").Result("r2", "t2", "\"two\"", after: "a3").Says("a4", "m2", "done", 7, after: "r1").Import();

        session.Usage(1).ShouldBe("111 100 10 20 0");
        session.Answered(1).Length.ShouldBe(3);
        session.Saw(2).ShouldBe(["user: go", "assistant: so", """call t1 {"command":"ls"}""", """call t2 {"command":"ls"}""", "output t1: one", "output t2: two"]);
        session.Requests[0].ResponseId.ShouldBe("m1");
        session.Requests[0].UpstreamRequestId.ShouldBe("req_1");
        session.Turns.ShouldBe(["Completed: r1 r2"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_result_that_comes_before_the_answers_last_line_belongs_to_the_same_request()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"one\"").Calls("a2", "m1", "t2", after: "a1").Result("r2", "t2", "\"two\"").Says("a3", "m2", "done").Import();

        session.Requests.Count.ShouldBe(2);
        session.Answered(1).Length.ShouldBe(2);
        session.Saw(2)[^2..].ShouldBe(["output t1: one", "output t2: two"]);
        session.Tools.ShouldBe(["t1 Bash Completed", "t2 Bash Completed"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Reminders_are_user_content_and_begin_no_turn()
    {
        var session = new ClaudeLog().User("u1", "go").User("n1", "<system-reminder>x</system-reminder>", ",\"isMeta\":true").Says("a1", "m1", "hi").User("u2", "more").User("n2", "<system-reminder>y</system-reminder>").Says("a2", "m2", "yes").Import();

        session.Turns.ShouldBe(["Completed: r1", "Completed: r2"]);
        session.Saw(1).ShouldBe(["user: go", "user: <system-reminder>x</system-reminder>"]);
        session.Saw(2).ShouldBe(["user: go", "user: <system-reminder>x</system-reminder>", "assistant: hi", "user: more", "user: <system-reminder>y</system-reminder>"]);
    }

    [Fact]
    public void A_prompt_behind_a_reminder_or_with_the_words_of_an_interruption_is_a_prompt()
    {
        var session = new ClaudeLog()
            .UserBlocks("u1", """{"type":"text","text":"<system-reminder>x</system-reminder>"},{"type":"text","text":"go"}""").Says("a1", "m1", "hi")
            .User("u2", "what does '[Request interrupted by user]' mean?").Says("a2", "m2", "that you stopped me").Calls("a3", "m3", "t1")
            .UserBlocks("r1", """{"tool_use_id":"t1","type":"tool_result","content":"no","is_error":true},{"type":"text","text":"[Request interrupted by user for tool use]"}""")
            .User("u3", "well").Says("a4", "m4", "yes").Import();

        session.Turns.ShouldBe(["Completed: r1", "Aborted: r2 r3", "Completed: r4"]);
        session.Saw(2).ShouldBe(["user: <system-reminder>x</system-reminder>go", "assistant: hi", "user: what does '[Request interrupted by user]' mean?"]);
    }

    [Fact]
    public void A_failed_tool_is_one_whose_result_says_so()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"Exit code 1\"", isError: true).Calls("a2", "m2", "t2").Result("r2", "t2", """[{"type":"text","text":"a"},{"type":"text","text":"b"}]""").Says("a3", "m3", "so").Import();

        session.Tools.ShouldBe(["t1 Bash Failed", "t2 Bash Completed"]);
        session.Saw(3)[^1].ShouldBe("output t2: ab");
    }

    [Fact]
    public void A_synthetic_line_of_an_API_error_is_a_failed_request_that_no_model_sees()
    {
        var session = new ClaudeLog().User("u1", "go")
            .Line("assistant", "e1", """ "message":{"role":"assistant","id":"x","model":"<synthetic>","content":[{"type":"text","text":"API Error: 529 overloaded"}],"usage":{"input_tokens":0,"output_tokens":0}},"isApiErrorMessage":true""")
            .User("u2", "again").Says("a1", "m1", "hi").Import();

        session.Requests.Select(static request => request.Execution.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed]);
        session.Saw(1).ShouldBe(["user: go"]);
        session.Saw(2).ShouldBe(["user: go", "user: again"]);
        session.Usage(1).ShouldBe("none");
        session.Events.Select(static e => e.Payload).OfType<InferenceFailedEvent>().ShouldHaveSingleItem().Error.ShouldBe("API Error: 529 overloaded");
        session.Anomalies.ShouldBe(["request_failed"]);
    }

    [Fact]
    public void A_helper_in_sidechain_lines_is_a_thread_that_the_call_brought_about()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"description":"count beds","prompt":"Count the beds.","subagent_type":"counter"}""")
            .Sidechain(true).User("s1", "Count the beds.").Calls("s2", "m2", "t2").Result("s3", "t2", "\"7\"").Says("s4", "m3", "There are 7.")
            .Sidechain(false, "a1").Result("r1", "t1", """[{"type":"text","text":"There are 7."}]""").Says("a2", "m4", "Seven.").Import();

        session.Graph.Threads.Values.Select(static thread => thread.AgentPath).Order(StringComparer.Ordinal).ShouldBe(["/root", "/root/counter"]);
        session.Edges.ShouldBe(["AgentResult assistant: There are 7. > output t1: There are 7.", "SpawnAgent t1 > /root/counter"]);
        session.Turns.ShouldBe(["Completed: r1 r4", "Completed: r2 r3"]);
        session.Saw(2).ShouldBe(["user: Count the beds."]);
        session.Saw(4).ShouldBe(["user: go", session.Answered(1)[0], "output t1: There are 7."]);
        session.Tools.ShouldBe(["t1 Task Completed", "t2 Bash Completed"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_helper_whose_prompt_stands_far_behind_in_the_call_was_told_its_task()
    {
        var description = new string('x', 300);
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Agent", $$"""{"description":"{{description}}","prompt":"Count the beds."}""")
            .Sidechain(true).User("s1", "Count the beds.").Says("s4", "m3", "7").Sidechain(false, "a1").Result("r1", "t1", "\"7\"").Says("a2", "m4", "Seven.").Import();

        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_helper_whose_request_failed_or_whom_the_user_stopped_has_not_completed_and_owes_no_answer()
    {
        var own = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"One."}""").Calls("a2", "m1", "t2", "Task", """{"prompt":"Two."}""");
        var failed = new ClaudeLog(agent: "aaa", startSecond: 3).User("x1", "One.").Line("assistant", "x2", """ "message":{"role":"assistant","id":"x","model":"<synthetic>","content":[{"type":"text","text":"API Error: 500"}]},"isApiErrorMessage":true""");
        var stopped = new ClaudeLog(agent: "bbb", startSecond: 3).User("y1", "Two.").Calls("y2", "m8", "t3");
        own.Result("r1", "t1", "\"API Error: 500\"", after: "a1", isError: true).Result("r2", "t2", "\"[Request interrupted by user for tool use]\"", after: "a2", isError: true).User("u2", "[Request interrupted by user]").User("u3", "well").Says("a3", "m2", "so");
        using var directory = new ImportDirectory();

        var session = directory.With("a.jsonl", own.Lines).With("agent-aaa.jsonl", failed.Lines).With("agent-bbb.jsonl", stopped.Lines).RunOne();

        session.Graph.Threads.Values.Select(static thread => thread.Execution.Status).ShouldBe([ExecutionStatus.Completed, ExecutionStatus.Failed, ExecutionStatus.Aborted], ignoreOrder: true);
        session.Edges.ShouldBe(["AgentResult /root/agent > output t1: API Error: 500", "SpawnAgent t1 > /root/agent", "SpawnAgent t2 > /root/agent_2"]);
        session.Anomalies.ShouldBe(["request_failed", "call_failed", "call_failed"], ignoreOrder: true);
    }

    [Fact]
    public void A_helper_that_is_still_at_work_when_the_log_stops_has_no_end()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"Count."}""").Sidechain(true).User("s1", "Count.").Calls("s2", "m2", "t2").Import();

        session.Graph.Threads.Values.ShouldAllBe(static thread => thread.Execution.Status == ExecutionStatus.Running);
        session.Edges.ShouldBe(["SpawnAgent t1 > /root/agent"]);
    }

    [Fact]
    public void A_helper_that_is_called_again_works_on_in_its_thread()
    {
        var own = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"One."}""").Result("r1", "t1", "\"1\"", ",\"toolUseResult\":{\"agentId\":\"aaa\"}")
            .Calls("a2", "m2", "t2", "Task", """{"prompt":"Two.","resume":"aaa"}""").Result("r2", "t2", "\"2\"", ",\"toolUseResult\":{\"agentId\":\"aaa\"}").Says("a3", "m3", "done");
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", own.Lines).With("agent-aaa.jsonl", [.. new ClaudeLog(agent: "aaa", startSecond: 1).User("x1", "One.").Says("x2", "m8", "1").Lines, .. new ClaudeLog(agent: "aaa", startSecond: 3).User("x3", "Two.", after: "x2").Says("x4", "m9", "2").Lines]);

        var session = directory.RunOne();

        session.Graph.Threads.Count.ShouldBe(2);
        session.Edges.ShouldBe(["AgentResult assistant: 1 > output t1: 1", "AgentResult assistant: 2 > output t2: 2", "SpawnAgent t1 > /root/agent"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_helper_that_was_only_set_to_work_has_given_nothing_to_its_call_and_works_on_behind_it(bool isDone)
    {
        var own = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"Name beds.","run_in_background":true}""")
            .Result("r1", "t1", "\"Async agent launched successfully.\"", ""","toolUseResult":{"isAsync":true,"status":"async_launched","agentId":"aaa"}""").Says("a2", "m2", "Waiting.");
        var helper = new ClaudeLog(agent: "aaa", startSecond: 2).User("x1", "Name beds.").Calls("x2", "m8", "t2").Result("x3", "t2", "\"rose\"");
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", isDone ? own.User("u2", "<task-notification>Rose.</task-notification>").Says("a3", "m3", "Rose.").Lines : own.Lines).With("agent-aaa.jsonl", isDone ? helper.Says("x4", "m9", "Rose.").Lines : helper.Lines);

        var session = directory.RunOne();

        session.Edges.ShouldBe(["SpawnAgent t1 > /root/agent"]);
        session.Turns.ShouldBe(isDone ? ["Completed: r1 r2", "Completed: r3 r5", "Completed: r4"] : ["Completed: r1 r2", "Running: r3"]);
        session.Graph.Threads.Values.Single(static thread => thread.AgentPath != "/root").Execution.Status.ShouldBe(isDone ? ExecutionStatus.Completed : ExecutionStatus.Running);
        session.Anomalies.Distinct().ShouldBe(isDone ? [] : ["never_ended"]);
    }

    [Fact]
    public void A_helpers_helper_hangs_below_its_caller()
    {
        var own = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"One.","subagent_type":"outer"}""");
        var outer = new ClaudeLog(agent: "aaa", startSecond: 2).User("x1", "One.").Calls("x2", "m2", "t2", "Task", """{"prompt":"Two.","subagent_type":"inner"}""");
        var inner = new ClaudeLog(agent: "bbb", startSecond: 4).User("y1", "Two.").Says("y2", "m3", "2");
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", own.Lines).With("b.jsonl", outer.Lines).With("c.jsonl", inner.Lines)
            .With("d.jsonl", new ClaudeLog(agent: "aaa", startSecond: 6).Result("x3", "t2", "\"2\"", after: "x2").Says("x4", "m4", "1").Lines)
            .With("e.jsonl", new ClaudeLog(startSecond: 8).Result("r1", "t1", "\"1\"", after: "a1").Says("a2", "m5", "done").Lines);

        var session = directory.RunOne();

        session.Edges.ShouldBe(["AgentResult assistant: 1 > output t1: 1", "AgentResult assistant: 2 > output t2: 2", "SpawnAgent t1 > /root/outer", "SpawnAgent t2 > /root/outer/inner"]);
        session.Anomalies.ShouldBeEmpty();
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
    }

    [Fact]
    public void Helpers_in_files_of_their_own_are_found_by_their_ids_in_whatever_order_the_files_come()
    {
        const string task = """{"description":"d","prompt":"Same words.","subagent_type":"general"}""";
        var own = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", task).Calls("a2", "m1", "t2", "Task", task)
            .Result("r2", "t2", "\"B\"", ",\"toolUseResult\":{\"agentId\":\"bbb\"}").Result("r1", "t1", "\"A\"", ",\"toolUseResult\":{\"agentId\":\"aaa\"}").Says("a3", "m4", "done");
        var a = new ClaudeLog(agent: "aaa", startSecond: 3).User("x1", "Same words.").Says("x2", "m2", "A");
        var b = new ClaudeLog(agent: "bbb", startSecond: 3).User("y1", "Same words.").Says("y2", "m3", "B");
        using var directory = new ImportDirectory();
        directory.With($"z/{ClaudeLog.Session}.jsonl", own.Lines).With("a/agent-aaa.jsonl", a.Lines).With("b/agent-bbb.jsonl", b.Lines);

        var session = directory.RunOne();

        session.Edges.ShouldBe(["AgentResult assistant: A > output t1: A", "AgentResult assistant: B > output t2: B", "SpawnAgent t1 > /root/general", "SpawnAgent t2 > /root/general_2"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_compaction_leaves_its_summary_and_not_the_next_prompt()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi")
            .Line("system", "b1", "\"subtype\":\"compact_boundary\",\"content\":\"Conversation compacted\",\"logicalParentUuid\":\"a1\",\"compactMetadata\":{\"trigger\":\"auto\",\"preTokens\":155000}", after: null)
            .User("s1", "This session is being continued. Summary: go, hi.", ",\"isCompactSummary\":true").User("u2", "more").Says("a2", "m2", "yes").Import();

        var compaction = session.Graph.Compactions.Values.ShouldHaveSingleItem();
        compaction.InputItemIds.Select(session.Item).ShouldBe(["user: go", "assistant: hi"]);
        compaction.ReplacementItemIds.Select(session.Item).ShouldBe(["user: This session is being continued. Summary: go, hi."]);
        session.Saw(2).ShouldBe(["user: This session is being continued. Summary: go, hi.", "user: more"]);
        session.Payload(session.Graph.RawPayloads.Values.Single(static reference => reference.Kind == PayloadKind.CompactionCheckpoint).RawPayloadId).ShouldContain("\"preTokens\":155000");
        session.Turns.ShouldBe(["Completed: r1", "Completed: r2"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("s1")]
    [InlineData("b1")]
    public void What_a_compaction_keeps_of_the_history_before_is_part_of_the_new_one(string anchor)
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").User("u2", "look").Calls("a2", "m2", "t1").Calls("a3", "m2", "t2").Result("r1", "t1", "\"1\"", after: "a2").Result("r2", "t2", "\"2\"", after: "a3").Says("a4", "m3", "seen")
            .Line("system", "b1", $"\"subtype\":\"compact_boundary\",\"logicalParentUuid\":\"a4\",\"compactMetadata\":{{\"preservedSegment\":{{\"headUuid\":\"u2\",\"anchorUuid\":\"{anchor}\",\"tailUuid\":\"a4\"}}}}", after: null)
            .User("s1", "Summary.", ",\"isCompactSummary\":true").User("u3", "more", after: anchor == "s1" ? "a4" : "s1").Says("a5", "m4", "yes")
            .User("u4", "back", after: "a1").Says("a6", "m5", "so").Import();

        string[] kept = ["user: look", "call t1 {\"command\":\"ls\"}", "call t2 {\"command\":\"ls\"}", "output t1: 1", "output t2: 2", "assistant: seen"];
        string[] history = anchor == "s1" ? ["user: Summary.", .. kept] : [.. kept, "user: Summary."];
        session.Graph.Compactions.Values.ShouldHaveSingleItem().ReplacementItemIds.Select(session.Item).ShouldBe(history);
        session.Saw(4).ShouldBe([.. history, "user: more"]);
        session.Tools.ShouldBe(["t1 Bash Completed", "t2 Bash Completed"]);

        // Somebody went back to what was there before it.
        session.Saw(5).ShouldBe(["user: go", "assistant: hi", "user: back"]);
        session.Anomalies.ShouldBe(["rewound"]);
    }

    [Fact]
    public void A_compaction_without_summary_leaves_the_history_unknown()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").Line("system", "b1", "\"subtype\":\"compact_boundary\"", after: null).User("u2", "more").Says("a2", "m2", "yes").Import();

        session.Saw(2).ShouldBe(["user: more"]);
        session.Anomalies.ShouldBe(["evidence_missing"]);
    }

    [Fact]
    public void What_an_abandoned_branch_asked_did_happen_and_going_back_is_told()
    {
        var session = new ClaudeLog().User("u1", "one").Says("a1", "m1", "1").User("u2", "two").Says("a2", "m2", "2").User("u3", "three", after: "a1").Says("a3", "m3", "3").Import();

        session.Graph.Threads.Count.ShouldBe(1);
        session.Turns.ShouldBe(["Completed: r1", "Completed: r2", "Completed: r3"]);
        session.Saw(2).ShouldBe(["user: one", "assistant: 1", "user: two"]);
        session.Saw(3).ShouldBe(["user: one", "assistant: 1", "user: three"]);
        session.Anomalies.ShouldBe(["rewound"]);
        session.AnomalyMessages[0].ShouldContain("went back");
    }

    [Fact]
    public void Going_back_to_the_very_first_prompt_is_told_as_well()
    {
        var session = new ClaudeLog().User("u1", "one").Says("a1", "m1", "1").User("u2", "other", after: null).Says("a2", "m2", "2").Import();

        session.Saw(2).ShouldBe(["user: other"]);
        session.Anomalies.ShouldBe(["rewound"]);
    }

    [Fact]
    public void A_line_whose_parent_is_torn_follows_the_one_before_it()
    {
        var session = new ClaudeLog().User("u1", "one").Says("a1", "m1", "1").Raw("""{"parentUuid":"a1","type":"user","mess""").User("u3", "three", after: "u2").Says("a3", "m3", "3").Import();

        session.Saw(2).ShouldBe(["user: one", "assistant: 1", "user: three"]);
        session.Diagnostics.ShouldBe(["line_unreadable 3 1", "reference_missing 4 1"]);
        session.Anomalies.ShouldBeEmpty();
        session.Result.IsSound.ShouldBeFalse();
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("call")]
    [InlineData("result")]
    public void A_log_that_ends_in_the_middle_of_a_turn_gives_a_rollout_without_an_end(string last)
    {
        var log = new ClaudeLog().User("u1", "go");
        log = last switch { "prompt" => log, "call" => log.Calls("a1", "m1", "t1"), _ => log.Calls("a1", "m1", "t1").Result("r1", "t1", "\"x\"") };
        var session = log.Import();

        session.Graph.Status.ShouldBe(RolloutStatus.Running);
        session.Turns.ShouldHaveSingleItem().ShouldStartWith("Running");
        session.Result.IsSound.ShouldBeTrue();
    }

    [Fact]
    public void A_turn_that_the_user_stopped_is_aborted()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"The user doesn't want to proceed\"", isError: true).UserBlocks("n1", """{"type":"text","text":"[Request interrupted by user for tool use]"}""")
            .User("u2", "else").Says("a2", "m2", "ok").Import();

        session.Turns.ShouldBe(["Aborted: r1", "Completed: r2"]);
        session.Saw(2)[^2..].ShouldBe(["user: [Request interrupted by user for tool use]", "user: else"]);
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
    }

    [Fact]
    public void Lines_that_are_no_part_of_the_conversation_are_breadcrumbs_and_lead_on()
    {
        var session = new ClaudeLog().Raw("""{"type":"summary","summary":"old","leafUuid":"x"}""").User("u1", "go").Line("progress", "p1", "\"data\":{}").Line("brand-new", "p2", "\"data\":{}").Says("a1", "m1", "hi").Line("system", "p3", "\"subtype\":\"turn_duration\"").User("u2", "more").Says("a2", "m2", "yes").Import();

        session.Saw(2).ShouldBe(["user: go", "assistant: hi", "user: more"]);
        session.Breadcrumbs.ShouldBe(["summary", "progress", "brand-new", "system"]);
        session.Diagnostics.ShouldBe(["line_unknown 4 1"]);
        session.Result.IsSound.ShouldBeTrue();
        session.Graph.StartedAtUnixMs.ShouldBe(1795179600000);
    }

    [Fact]
    public void Two_sessions_in_one_directory_are_two_rollouts()
    {
        using var directory = new ImportDirectory();
        directory.With("p/a.jsonl", new ClaudeLog("s1").User("u1", "go").Says("a1", "m1", "hi").Lines).With("p/b.jsonl", new ClaudeLog("s2", startSecond: 60).User("u2", "go").Says("a2", "m2", "hi").Lines);

        directory.Run().Rollouts.Select(static rollout => rollout.RolloutId).ShouldBe(["s1", "s2"]);
    }

    [Fact]
    public void A_session_that_was_gone_on_with_in_another_file_is_one_and_what_it_repeats_counts_once()
    {
        using var directory = new ImportDirectory();
        var first = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi");
        directory.With("b.jsonl", first.Lines).With("a.jsonl", new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").User("u2", "more").Says("a2", "m2", "yes").Lines);

        var session = directory.RunOne();

        session.Turns.ShouldBe(["Completed: r1", "Completed: r2"]);
        session.Saw(2).ShouldBe(["user: go", "assistant: hi", "user: more"]);
    }

    [Fact]
    public void A_session_that_goes_on_from_another_ones_lines_saw_these_and_has_its_own_requests()
    {
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", [.. new ClaudeLog("s1").User("u1", "go").Says("a1", "m1", "hi").Lines, .. new ClaudeLog("s2", startSecond: 60).User("u2", "more", after: "a1").Says("a2", "m2", "yes").Lines]);

        var result = directory.Run();

        result.Rollouts.Count.ShouldBe(2);
        var second = new ImportedSession(result.Rollouts[1].Bundle, result);
        second.Saw(1).ShouldBe(["user: go", "assistant: hi", "user: more"]);
        second.Turns.ShouldBe(["Completed: r1"]);
    }

    [Fact]
    public void Images_thoughts_and_tools_of_the_provider_are_items()
    {
        var session = new ClaudeLog().UserBlocks("u1", """{"type":"text","text":"see"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}""")
            .Answer("a1", "m1", """{"type":"thinking","thinking":"","signature":"sig"}""").Answer("a2", "m1", """{"type":"thinking","thinking":"","signature":""}""").Answer("a3", "m1", """{"type":"server_tool_use","id":"st1","name":"web_search","input":{"query":"q"}}""")
            .Answer("a4", "m1", """{"type":"web_search_tool_result","tool_use_id":"st1","content":[{"type":"web_search_result","url":"u"}]}""").Calls("a5", "m1", "t1", "Read")
            .Result("r1", "t1", """[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"BBBB"}}]""").Calls("a6", "m2", "t2").Result("r2", "t2", "null").Says("a7", "m3", "done").User("u2", "more").Says("a8", "m4", "yes").Import();

        session.Saw(1).ShouldBe(["user: see[image]"]);
        session.Answered(1).Length.ShouldBe(4);
        session.Saw(4).Length.ShouldBe(session.Saw(3).Length + 2);
        session.Saw(4).ShouldContain("output t1: [image]");
        session.Tools.ShouldBe(["t1 Read Completed", "t2 Bash Completed"]);
        session.Anomalies.ShouldBeEmpty();
        session.ReductionDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_helpers_file_gives_its_thread_below_a_root_that_said_nothing()
    {
        var session = new ClaudeLog(agent: "aaa").User("x1", "Count.").Says("x2", "m2", "7").Import();

        session.Graph.Threads.Count.ShouldBe(2);
        session.Saw(1).ShouldBe(["user: Count."]);
    }
}
