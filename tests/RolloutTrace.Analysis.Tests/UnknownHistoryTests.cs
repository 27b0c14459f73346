using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>Nothing is concluded from what is not known, and that it is not known is found.</summary>
public sealed class UnknownHistoryTests
{
    private const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}""";
    private const string Call = """{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}""";
    private const string OtherCall = """{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"n\":2}"}""";
    private const string Output = """{"type":"function_call_output","call_id":"c1","output":"done"}""";
    private const string OtherOutput = """{"type":"function_call_output","call_id":"c1","output":"done again"}""";
    private const string Cleared = """{"type":"function_call_output","call_id":"c1","output":"[cleared]"}""";
    private const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
    private const string NoImage = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_text","text":"[image]"}]}""";

    [Fact]
    public void An_unreadable_request_is_no_changed_history_and_is_found()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", "");
        Answered(bundle, "i2", "no list", "");
        Answered(bundle, "i3", $"[{User},{Image}]", "");
        End(bundle);

        Find(bundle).ShouldBe(["evidence_missing i2: 1 request could not be read: i2"]);
    }

    [Fact]
    public void Requests_that_could_not_be_read_are_counted_in_one_finding()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", "no list", "");
        Answered(bundle, "i2", "nor this", "");
        End(bundle);

        Find(bundle).ShouldBe([$"evidence_missing {TestBundle.Root}: 2 requests could not be read: i1, i2"]);
    }

    [Fact]
    public void A_call_whose_answer_would_stand_in_an_unreadable_request_is_not_open()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", Call);
        Answered(bundle, "i2", "no list", "");
        End(bundle);

        Find(bundle).ShouldBe(["evidence_missing i2: 1 request could not be read: i2"]);
    }

    [Fact]
    public void An_output_whose_call_may_stand_in_an_unreadable_response_has_one()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", Input($"[{User}]"));
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i1", ResponseId = "r1", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, "torn {") });
        Answered(bundle, "i2", $$"""[{{Output}}],"previous_response_id":"r1" """, "");
        End(bundle);

        Find(bundle).ShouldBe(["evidence_missing i1: 1 response could not be read: i1"]);
    }

    [Fact]
    public void A_line_that_could_not_be_read_may_have_held_the_output()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", Call);
        bundle.AppendLine("{ not json");
        End(bundle);

        Find(bundle).ShouldHaveSingleItem().ShouldStartWith("evidence_missing ");
    }

    [Fact]
    public void A_call_that_a_readable_request_shows_open_is_found_though_another_could_not_be_read()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User},{Call}]", "");
        Answered(bundle, "i2", "no list", "");
        End(bundle);

        Find(bundle).Count(anomaly => anomaly.StartsWith("call_without_output", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_call_id_that_is_used_again_has_an_output_for_each_of_its_calls()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", Call);
        Answered(bundle, "i2", $"[{User},{Call},{Output}]", OtherCall);
        Answered(bundle, "i3", $"[{User},{Call},{Output},{OtherCall},{OtherOutput}]", "");
        End(bundle);

        Find(bundle).ShouldBeEmpty();
    }

    [Fact]
    public void A_call_id_that_is_used_again_and_then_not_answered_is_open_once()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", Call);
        Answered(bundle, "i2", $"[{User},{Call},{Output}]", OtherCall);
        Answered(bundle, "i3", $"[{User},{Call},{Output},{OtherCall}]", "");
        End(bundle);

        Find(bundle).ShouldBe(["call_without_output conversation_item:4: conversation_item:4 calls a tool as c1, and the conversation has no output for it; request i3 sent it so"]);
    }

    [Fact]
    public void An_old_output_that_was_cleared_is_a_changed_history_once()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User},{Call},{Output}]", "");
        Answered(bundle, "i2", $"[{User},{Call},{Cleared},{User}]", "");
        Answered(bundle, "i3", $"[{User},{Call},{Cleared},{User},{User}]", "");
        End(bundle);

        Find(bundle).ShouldHaveSingleItem().ShouldStartWith("history_changed i2: ");
    }

    [Fact]
    public void An_image_that_became_a_text_is_a_changed_history_once()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{Image}]", "");
        Answered(bundle, "i2", $"[{Image},{Call},{Output}]", "");
        Answered(bundle, "i3", $"[{NoImage},{Call},{Output},{User}]", "");
        Answered(bundle, "i4", $"[{NoImage},{Call},{Output},{User},{User}]", "");
        End(bundle);

        Find(bundle).ShouldHaveSingleItem().ShouldStartWith("history_changed i3: ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_response_that_was_given_up_may_be_left_out(bool failed)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", Input($"[{User}]"));
        var partial = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{Call}}]}""");
        bundle.Append(failed
            ? new InferenceFailedEvent { InferenceCallId = "i1", Error = "e", PartialResponsePayload = partial }
            : new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "r", PartialResponsePayload = partial });
        Answered(bundle, "i2", $"[{User}]", "");
        Answered(bundle, "i3", $"[{User},{Image}]", "");
        End(bundle);

        Find(bundle).ShouldBe(failed ? ["request_failed i1: request i1 failed: e"] : []);
    }

    [Fact]
    public void A_compaction_explains_a_new_history_though_the_clock_went_back()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", $"[{User}]", "");
        bundle.Append(new CompactionInstalledEvent { CompactionId = "k", CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{User}}],"replacement_history":[]}""") });
        Answered(bundle, "i2", $"[{Image}]", "");
        End(bundle);
        bundle.Open();
        using var back = TestBundle.Copy(bundle.Directory, lines => lines.Select(line => line.Contains("\"compaction_installed\"", StringComparison.Ordinal) ? line.Replace("\"wall_time_unix_ms\":1770", "\"wall_time_unix_ms\":1760", StringComparison.Ordinal) : line));

        Find(back).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_warned_of_and_kept_is_not_missing()
    {
        using var bundle = new TestBundle().WithTurn();
        Answered(bundle, "i1", """[{"type":"novelty","text":"x"}]""", "");
        End(bundle);

        Find(bundle).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mixed-1001")]
    [InlineData("mixed-1004")]
    public void Whatever_payload_is_lost_is_found_and_leads_to_no_other_finding_of_histories(string name)
    {
        var sound = ConformanceCase.Named(name).Bundle;
        var before = OfHistories(sound);
        foreach (var file in Directory.EnumerateFiles(Path.Join(sound, "payloads")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal))
        {
            using var bundle = TestBundle.Copy(sound);
            File.Delete(Path.Join(bundle.Directory, "payloads", file));

            OfHistories(bundle.Directory).Except(before).ShouldBeEmpty($"without {file}");
            var rollout = OpenRollout.Open(BundleReader.Open(bundle.Directory));
            var isMissed = rollout.Diagnostics.Any(diagnostic => diagnostic.Severity != Reducer.DiagnosticSeverity.Information);
            RolloutAnomalies.Find(rollout).Any(anomaly => anomaly.Code == AnomalyCodes.EvidenceMissing).ShouldBe(isMissed, $"without {file}");
        }
    }

    // By kind and call: items are numbered anew where one is missing.
    private static List<string> OfHistories(string bundle)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(bundle));
        return
        [
            .. RolloutAnomalies.Find(rollout)
                .Where(static anomaly => anomaly.Code is AnomalyCodes.HistoryChanged or AnomalyCodes.CallWithoutOutput or AnomalyCodes.OutputWithoutCall or AnomalyCodes.NotDelivered)
                .Select(anomaly => $"{anomaly.Code} {(rollout.Graph.ConversationItems.TryGetValue(anomaly.Subject, out var item) ? item.CallId : anomaly.Subject)}"),
        ];
    }

    private static string Input(string items) => $$"""{"input":{{items}}}""";

    private static void Answered(TestBundle bundle, string callId, string items, string response)
    {
        bundle.Request(callId, Input(items));
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = callId, ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{response}}]}""") });
    }

    private static void End(TestBundle bundle)
    {
        bundle.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Completed });
        bundle.Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Completed });
        bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
    }

    private static List<string> Find(TestBundle bundle) =>
        [.. Anomalies(bundle).Where(static anomaly => anomaly.Code != AnomalyCodes.ClockStep).Select(static anomaly => $"{anomaly.Code} {anomaly.Subject}: {anomaly.Message}")];

    // A copy has its lines already.
    private static IReadOnlyList<RolloutAnomaly> Anomalies(TestBundle bundle) =>
        RolloutAnomalies.Find(OpenRollout.Open(File.Exists(Path.Join(bundle.Directory, "trace.jsonl")) ? BundleReader.Open(bundle.Directory) : bundle.Open()));
}
