using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutAnomaliesTests
{
    private const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}""";
    private const string Other = """{"type":"message","role":"user","content":[{"type":"input_text","text":"something else"}]}""";
    private const string Call = """{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}""";
    private const string Output = """{"type":"function_call_output","call_id":"c1","output":"done"}""";

    [Fact]
    public void A_request_that_the_recorder_replaced_is_no_change_of_history()
    {
        const string one = """{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}""";
        const string marker = """{"input":[],"rollout_trace_error":"too large"}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{one}}]}""").Request("i2", marker).Request("i3", $$"""{"input":[{{one}}]}""");

        RolloutAnomalies.Find(OpenRollout.OfState(bundle.Reduce().Graph)).ShouldNotContain(anomaly => anomaly.Code == AnomalyCodes.HistoryChanged);
    }

    [Fact]
    public void A_request_that_says_that_the_conversation_went_back_is_told_as_that()
    {
        const string one = """{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{one}},{{Other}}]}""").Request("i2", $$"""{"input":[{{one}}],"rewound":true}""");

        var anomaly = RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).Single(static anomaly => anomaly.Code is AnomalyCodes.Rewound or AnomalyCodes.HistoryChanged);

        anomaly.Code.ShouldBe(AnomalyCodes.Rewound);
        anomaly.Message.ShouldBe("the conversation went back before request i2: it keeps the first 1 of the 2 items of i1");
    }

    [Fact]
    public void A_request_that_is_truly_empty_leaves_out_what_was_before()
    {
        const string one = """{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{one}}]}""").Request("i2", """{"input":[]}""");

        RolloutAnomalies.Find(OpenRollout.OfState(bundle.Reduce().Graph)).ShouldContain(anomaly => anomaly.Code == AnomalyCodes.HistoryChanged);
    }

    [Fact]
    public void Find_SoundRollout_FindsNothing()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]");
        Answered(bundle, "i2", $"[{User},{Call},{Output}]");
        End(bundle);

        Find(bundle).ShouldBeEmpty();
    }

    [Fact]
    public void Find_StartedAndNeverEnded_IsNamedWithTheEventThatStartedIt()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", Input($"[{User}]"));

        Find(bundle).ShouldBe(
        [
            $"never_ended {TestBundle.Root} []",
            $"never_ended {TestBundle.Root} [seq 1]",
            "never_ended turn-1 [seq 2]",
            "never_ended i1 [seq 3]",
        ]);
    }

    [Fact]
    public void Find_CallWithoutOutput_IsNamed()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User},{Call}]");
        End(bundle);

        Find(bundle).ShouldBe(["call_without_output conversation_item:2 []"]);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, 1)]
    [InlineData(ExecutionStatus.Cancelled, 0)]
    [InlineData(ExecutionStatus.Failed, 0)]
    public void Find_CallThatNoRequestSent_IsOpenOnlyIfItsTurnCompleted(ExecutionStatus turn, int found)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", Input($"[{User}]"));
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i1", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{Call}}]}""") });
        End(bundle, turn);

        Find(bundle).Count.ShouldBe(found);
    }

    [Theory]
    [InlineData($"{Call},{Output}", "")]
    [InlineData(Call, "call_without_output")]
    public void Find_AHistoryThatIsMadeShorterWhileACallIsUnderWay_HasTheCallOnceMore(string shown, string found)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", Input($"[{User}]"));
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i1", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{Call}}]}""") });
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{User}},{{Call}}],"replacement_history":[{{Other}},{{Call}}]}"""),
        });
        Answered(bundle, "i2", $"[{Other},{shown}]");
        End(bundle);

        string.Join(',', Find(bundle).Select(line => line.Split(' ')[0])).ShouldBe(found);
    }

    [Fact]
    public void Find_AnImageThatIsSentAgain_IsTheSameHistory()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{Image}]");
        Answered(bundle, "i2", $"[{Image},{Call},{Output}]");
        Answered(bundle, "i3", $"[{Image},{Call},{Output},{User}]");
        End(bundle);
        var rollout = OpenRollout.OfState(bundle.Reduce().Graph);

        Find(bundle).ShouldBeEmpty();
        Transcript.NewAt(rollout, rollout.Graph.InferenceCalls["i3"]).Entries.Select(entry => entry.Text).ShouldBe(["hi"]);
    }

    [Fact]
    public void Find_TurnsThatTheUserInterrupted_AreNoStorm()
    {
        using var bundle = new TestBundle().WithTurn();
        for (var i = 1; i <= 4; i++)
        {
            bundle.Append(new CodexTurnStartedEvent { CodexTurnId = $"t{i}", ThreadId = TestBundle.Root });
            bundle.Append(new InferenceStartedEvent
            {
                InferenceCallId = $"i{i}",
                ThreadId = TestBundle.Root,
                CodexTurnId = $"t{i}",
                Model = "m",
                ProviderName = "p",
                RequestPayload = bundle.Payload(PayloadKind.InferenceRequest, Input($"[{User}]")),
            });
            bundle.Append(new InferenceCancelledEvent { InferenceCallId = $"i{i}", Reason = "interrupted" });
        }

        Find(bundle).ShouldNotContain(anomaly => anomaly.StartsWith("retry_storm", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_OutputWithoutCall_IsNamed()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User},{Output}]");
        End(bundle);

        Find(bundle).ShouldBe(["output_without_call conversation_item:2 []"]);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    public void Find_RequestsFailInARow_ThreeAreAStorm(int failures, int storms)
    {
        using var bundle = new TestBundle().WithTurn();
        for (var i = 1; i <= failures; i++)
        {
            bundle.Request($"i{i}", Input($"[{User}]"));
            bundle.Append(new InferenceFailedEvent { InferenceCallId = $"i{i}", Error = "overloaded" });
        }

        Answered(bundle, "last", $"[{User}]");
        End(bundle);

        Find(bundle).Count(anomaly => anomaly.StartsWith("retry_storm i1 [seq 3, ", StringComparison.Ordinal)).ShouldBe(storms);
        Find(bundle).Count(anomaly => anomaly.StartsWith("request_failed i1 ", StringComparison.Ordinal)).ShouldBe(1 - storms, "each failure is told, and told once");
        Find(bundle).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("it goes another way from item 1 on, conversation_item:2", Other)]
    [InlineData("it leaves out the last 1 of 1 items", "")]
    public void Find_HistoryChangesWithoutCompaction_IsNamed(string how, string secondInput)
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]");
        Answered(bundle, "i2", $"[{secondInput}]");
        End(bundle);

        var anomaly = RolloutAnomalies.Find(OpenRollout.OfState(bundle.Reduce().Graph)).ShouldHaveSingleItem();

        anomaly.Code.ShouldBe(AnomalyCodes.HistoryChanged);
        anomaly.Message.ShouldBe($"request i2 does not continue the history of i1: {how}");
    }

    [Fact]
    public void Find_RequestsSideBySide_NoneHasToContinueAnother()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input($"[{User}]")).Request("i2", Input($"[{Other}]"));
        Answer(bundle, "i1");
        Answer(bundle, "i2");
        End(bundle);

        Find(bundle).ShouldBeEmpty();
    }

    // A request is sent (+) with messages, a letter each, and answered (-).
    [Theory]
    [InlineData("+1:SA +2:SB -1 -2 +3:SC -3", "")] // what comes behind a map is one more
    [InlineData("+1:A +2:B -1 -2 +3:C -3 +4:CD -4", "")]
    [InlineData("+1:SA +2:SB -2 +3:SC -3 +4:SD -1 -4 +5:SE -5", "")] // at most two at a time, one of which takes long
    [InlineData("+1:SA +2:T -1 -2 +3:SAB -3", "")] // a title was asked for meanwhile
    [InlineData("+1:SA -1 +2:X +3:Y -2 -3 +4:SAB -4", "2")] // the conversation goes on behind a map, whose first has nothing beside it yet
    [InlineData("+1:SA +2:SB -1 -2 +3:SC -3 +4:SD -4", "4")] // nothing was beside the last two
    [InlineData("+1:SA +2:SA -1 -2 +3:SB -3", "3")] // the same was asked twice at once
    [InlineData("+1:SA +2:SB -1 -2 +3:TC -3", "3")] // what all began with has changed
    public void Find_RequestBehindThoseSideBySide_ContinuesOneOfThemOrIsOneMore(string script, string changed)
    {
        using var bundle = new TestBundle().WithTurn();
        foreach (var step in script.Split(' '))
        {
            if (step[0] == '-')
            {
                Answer(bundle, step[1..]);
                continue;
            }

            var messages = step[3..].Select(static letter => $$$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{letter}}}"}]}""");
            bundle.Request(step[1..2], Input($"[{string.Join(',', messages)}]"));
        }

        End(bundle);

        Find(bundle).Where(static anomaly => anomaly.StartsWith("history_changed", StringComparison.Ordinal)).Select(static anomaly => anomaly.Split(' ')[1]).ShouldBe(changed.Select(static id => $"{id}"));
    }

    [Fact]
    public void Find_RequestThatIsGivenUpBeforeOneThatChangesTheHistory_IsNoRequestBesideIt()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input($"[{User}]"));
        Answered(bundle, "i2", $"[{Other}]");
        End(bundle);

        Find(bundle).ShouldContain(anomaly => anomaly.StartsWith("history_changed i2 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_HistoryIsCompacted_FindsNothing()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{User}}],"replacement_history":[{{Other}}]}"""),
        });
        Answered(bundle, "i2", $"[{Other}]");
        End(bundle);

        Find(bundle).ShouldBeEmpty();
    }

    [Fact]
    public void Find_MessageThatNoModelSaw_IsNamed()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.SendMessage),
            Summary = new GenericSummary { Label = "send_message" },
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });
        End(bundle);

        Find(bundle).ShouldBe(["not_delivered t1 [seq 3]"]);
    }

    [Fact]
    public void Find_ProcessThatWasNeverSeenToExit_IsNamed()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new GenericSummary { Label = "exec_command" },
        });
        bundle.Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = "t1",
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"process_id":"42","command":["sleep","9"],"cwd":"/"}"""),
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });
        End(bundle);

        Find(bundle).ShouldBe(["process_left_running 42 [seq 4]"]);
    }

    [Theory]
    [InlineData("Process exited with code 2\\nOutput:\\nerror", false)]
    [InlineData("Process running with session ID 77\\nOutput:\\nProcess exited with code 2\\nOutput:\\n", true)]
    public void Find_ProcessOfWhichTheModelWasToldThatItEnded_IsNotLeft(string output, bool isLeft)
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]");
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.WriteStdin),
            Summary = new GenericSummary { Label = "write_stdin" },
            InvocationPayload = bundle.Payload(PayloadKind.ToolInvocation, """{"tool_name":"write_stdin","payload":{"type":"function","arguments":"{\"session_id\":77,\"chars\":\"\"}"}}"""),
        });
        bundle.Append(new ToolCallEndedEvent
        {
            ToolCallId = "t1",
            Status = ExecutionStatus.Completed,
            ResultPayload = bundle.Payload(PayloadKind.ToolResult, $$$"""{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"t1","output":"{{{output}}}"}}"""),
        });
        End(bundle);

        Find(bundle).ShouldBe(isLeft ? ["process_left_running 77 [seq 5]"] : []);
        Explanation.Of(OpenRollout.Open(bundle.Open()), "77").Single().Steps.Single(step => step.Role == ExplanationRole.Subject).Text
            .ShouldBe(isLeft ? "process 77, not seen to exit" : "process 77, exit code 2");
    }

    [Fact]
    public void Find_RolloutGoesOn_WhatMayStillComeIsNoAnomaly()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]");
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new GenericSummary { Label = "exec_command" },
        });
        bundle.Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = "t1",
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"process_id":"42","command":["sleep","9"],"cwd":"/"}"""),
        });
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t2",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.SendMessage),
            Summary = new GenericSummary { Label = "send_message" },
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t2", Status = ExecutionStatus.Completed });

        RolloutAnomalies.Find(OpenRollout.OfState(bundle.Reduce().Graph).With(new RolloutLiveness { Status = RolloutStanding.Running })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("look at \\\"x\\\"", false)]
    [InlineData("something else", true)]
    public void Find_SpawnedAgentsTask_IsSeenIfItIsAUsersMessageToo(string input, bool isLost)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.SpawnAgent),
            Summary = new GenericSummary { Label = "spawn_agent", InputPreview = """{"message":"look at \"x\""}""" },
        });
        bundle.Append(new ThreadStartedEvent { ThreadId = "child", AgentPath = "/root/child" });
        bundle.Append(new ToolCallRuntimeEndedEvent
        {
            ToolCallId = "t1",
            Status = ExecutionStatus.Completed,
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, $$"""{"call_id":"t1","sender_thread_id":"{{TestBundle.Root}}","new_thread_id":"child","prompt":"look at \"x\""}"""),
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });
        bundle.Append(new CodexTurnStartedEvent { CodexTurnId = "child-turn", ThreadId = "child" });
        bundle.Append(new InferenceStartedEvent
        {
            InferenceCallId = "i1",
            ThreadId = "child",
            CodexTurnId = "child-turn",
            Model = "m",
            ProviderName = "p",
            RequestPayload = bundle.Payload(PayloadKind.InferenceRequest, $$$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{input}}}"}]}]}"""),
        });

        Find(bundle).Contains("not_delivered t1 [seq 3]").ShouldBe(isLost);
    }

    [Fact]
    public void Find_ClockGoesBack_NamesTheEventsOnBothSides()
    {
        using var bundle = new TestBundle().WithTurn();
        End(bundle);
        bundle.AppendLine($$$"""{"schema_version":1,"seq":6,"wall_time_unix_ms":1769999999000,"rollout_id":"r","thread_id":"{{{TestBundle.Root}}}","codex_turn_id":null,"payload":{"type":"codex_turn_started","codex_turn_id":"late","thread_id":"{{{TestBundle.Root}}}"}}""");
        bundle.AppendLine($$$"""{"schema_version":1,"seq":7,"wall_time_unix_ms":1769999999001,"rollout_id":"r","thread_id":"{{{TestBundle.Root}}}","codex_turn_id":null,"payload":{"type":"codex_turn_ended","codex_turn_id":"late","status":"completed"}}""");

        Find(bundle).ShouldBe([$"clock_step {TestBundle.Root} [seq 4, seq 6]"]);
    }

    [Theory]
    [InlineData(1769999999000, true)]
    [InlineData(1769999997000, false)]
    public void Find_CallWhoseEndIsToldLater_IsAStepOfTheClockOnlyIfItEndsBeforeItBegan(long began, bool isStep)
    {
        using var bundle = new TestBundle();
        bundle.Append(new ThreadStartedEvent { ThreadId = "t", AgentPath = "/root/t" }, "t", turn: null);
        foreach (var (seq, time, payload) in ((int, long, string)[])
        [
            (3, 1769999996000, """{"type":"codex_turn_started","codex_turn_id":"turn","thread_id":"t"}"""),
            (4, began, """{"type":"tool_call_started","tool_call_id":"one","kind":{"type":"other","name":"f"},"summary":{"type":"generic","label":"f"},"requester":{"type":"model"}}"""),
            (5, 1769999999000, """{"type":"tool_call_started","tool_call_id":"two","kind":{"type":"other","name":"f"},"summary":{"type":"generic","label":"f"},"requester":{"type":"model"}}"""),
            (6, 1769999998000, """{"type":"tool_call_ended","tool_call_id":"one","status":"completed"}"""),
        ])
        {
            bundle.AppendLine($$$"""{"schema_version":1,"seq":{{{seq}}},"wall_time_unix_ms":{{{time}}},"rollout_id":"r","thread_id":"t","codex_turn_id":"turn","payload":{{{payload}}}}""");
        }

        var rollout = OpenRollout.Open(bundle.Open());
        rollout.Graph.ToolCalls.Count.ShouldBe(2);
        RolloutAnomalies.Find(rollout).Any(found => found.Code == AnomalyCodes.ClockStep && found.Evidence.Contains(Evidence.Event(6))).ShouldBe(isStep);
    }

    [Fact]
    public void Find_CallsSideBySideWhoseEndsAreToldInAnotherOrder_AreNoStepOfTheClock()
    {
        using var bundle = new TestBundle();
        bundle.Append(new ThreadStartedEvent { ThreadId = "t", AgentPath = "/root/t" }, "t", turn: null);
        foreach (var (seq, time, payload) in ((int, long, string)[])
        [
            (3, 1769999996000, """{"type":"codex_turn_started","codex_turn_id":"turn","thread_id":"t"}"""),
            (4, 1769999997000, Started("one")),
            (5, 1769999997000, Started("two")),
            (6, 1769999999000, Started("three")),
            (7, 1769999997500, """{"type":"tool_call_ended","tool_call_id":"one","status":"completed"}"""),
            (8, 1769999998000, """{"type":"tool_call_ended","tool_call_id":"two","status":"completed"}"""),
            (9, 1769999999500, """{"type":"tool_call_ended","tool_call_id":"three","status":"completed"}"""),
        ])
        {
            bundle.AppendLine($$$"""{"schema_version":1,"seq":{{{seq}}},"wall_time_unix_ms":{{{time}}},"rollout_id":"r","thread_id":"t","codex_turn_id":"turn","payload":{{{payload}}}}""");
        }

        RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).ShouldNotContain(found => found.Code == AnomalyCodes.ClockStep && found.Evidence.Contains(Evidence.Event(8)));

        static string Started(string call) =>
            $$$"""{"type":"tool_call_started","tool_call_id":"{{{call}}}","kind":{"type":"other","name":"f"},"summary":{"type":"generic","label":"f"},"requester":{"type":"model"}}""";
    }

    [Fact]
    public void Find_CallsSideBySideToldBySpansWhenTheyEnd_AreNoStepOfTheClock()
    {
        using var bundle = new TestBundle();
        var metadata = bundle.Payload(PayloadKind.SessionMetadata, """{"thread_rule":"own","thread_rule_is_guess":true}""");
        bundle.Append(new ThreadStartedEvent { ThreadId = "told", AgentPath = "/root/told", MetadataPayload = metadata }, "told", turn: null);
        bundle.AppendLine("""{"schema_version":1,"seq":4,"wall_time_unix_ms":1769999999000,"rollout_id":"r","thread_id":"told","codex_turn_id":null,"payload":{"type":"codex_turn_started","codex_turn_id":"late","thread_id":"told"}}""");
        bundle.AppendLine("""{"schema_version":1,"seq":5,"wall_time_unix_ms":1769999999001,"rollout_id":"r","thread_id":"told","codex_turn_id":null,"payload":{"type":"codex_turn_ended","codex_turn_id":"late","status":"completed"}}""");

        RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).ShouldNotContain(found => found.Code == AnomalyCodes.ClockStep);
    }

    [Fact]
    public void WhyItMatters_EveryCode_IsSaid()
    {
        var codes = typeof(AnomalyCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();

        codes.Count.ShouldBe(17);
        codes.ShouldAllBe(code => AnomalyCodes.WhyItMatters(code).Length > 0);
    }

    private static string Input(string items) => $$"""{"input":{{items}}}""";

    private static void Answered(TestBundle bundle, string callId, string items)
    {
        bundle.Request(callId, Input(items));
        Answer(bundle, callId);
    }

    private static void Answer(TestBundle bundle, string callId) => bundle.Append(new InferenceCompletedEvent
    {
        InferenceCallId = callId,
        ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, """{"output_items":[]}"""),
    });

    private static void End(TestBundle bundle, ExecutionStatus turn = ExecutionStatus.Completed)
    {
        bundle.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = turn });
        bundle.Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Completed });
        bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
    }

    private static List<string> Find(TestBundle bundle) =>
    [
        .. RolloutAnomalies.Find(OpenRollout.OfState(bundle.Reduce().Graph))
            .Select(anomaly => $"{anomaly.Code} {anomaly.Subject} [{string.Join(", ", anomaly.Evidence)}]"),
    ];
}
