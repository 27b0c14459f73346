using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>What the log says happened, happened: what an event names exists, though its start is not in the log or cannot be read.</summary>
public sealed class StartsMissingTests : IDisposable
{
    private readonly TestBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_thread_and_a_turn_that_an_event_names_exist_from_there_on()
    {
        bundle.Request("i1", """{"input":"go"}""", thread: "other", turn: "its-turn");

        var result = bundle.Reduce();

        result.Graph.Threads["other"].ShouldSatisfyAllConditions(t => t.AgentPath.ShouldBe("other"), t => t.Execution.StartedSeq.ShouldBe(1));
        result.Graph.CodexTurns["its-turn"].ThreadId.ShouldBe("other");
        result.Graph.InferenceCalls["i1"].RequestItemIds.Count.ShouldBe(1);
        result.Diagnostics.Select(d => $"{d.Severity} {d.Code}").ShouldBe(["Warning start_missing", "Warning start_missing"]);
    }

    [Fact]
    public void The_root_thread_has_its_path_though_its_start_is_lost()
    {
        bundle.AppendLine("{torn").Append(new CodexTurnStartedEvent { CodexTurnId = TestBundle.Turn, ThreadId = TestBundle.Root });

        bundle.Reduce().Graph.Threads[TestBundle.Root].AgentPath.ShouldBe("/root");
    }

    [Fact]
    public void A_start_that_comes_late_says_what_the_thread_is()
    {
        bundle.Append(new CodexTurnStartedEvent { CodexTurnId = TestBundle.Turn, ThreadId = TestBundle.Root });
        bundle.Append(new ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/elsewhere" });

        bundle.Reduce().Graph.Threads[TestBundle.Root].AgentPath.ShouldBe("/elsewhere");
    }

    [Fact]
    public void A_thread_that_starts_again_goes_on_and_its_end_is_the_last_one()
    {
        bundle.WithTurn().Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Failed });
        bundle.Append(new ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/other" });
        bundle.Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Completed });

        var result = bundle.Reduce();

        var thread = result.Graph.Threads[TestBundle.Root];
        (thread.AgentPath, thread.Execution.StartedSeq, thread.Execution.EndedSeq, thread.Execution.Status).ShouldBe(("/root", 1, 5, ExecutionStatus.Completed));
        result.Diagnostics.ShouldHaveSingleItem().Severity.ShouldBe(DiagnosticSeverity.Information);
    }

    [Fact]
    public void What_later_events_say_of_a_lost_start_is_counted_with_its_line()
    {
        bundle.WithTurn().AppendLine("""{"schema_version":1,"seq":3,"payload":{"type":"tool_call_started","tool_call_id":"t1",""");
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "t1", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, "{}") });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });

        var diagnostic = bundle.Reduce().Diagnostics.ShouldHaveSingleItem();

        (diagnostic.Line, diagnostic.Code).ShouldBe((3, DiagnosticCodes.UnreadableEvent));
        diagnostic.Message.ShouldEndWith("(2 more of the same cause)");
    }

    // A log may have a hundred million of them, and be packed into a few bytes.
    [Fact]
    public void Of_lines_that_cannot_be_read_a_thousand_are_told_and_the_others_counted()
    {
        bundle.WithTurn();
        for (var i = 0; i < 1_500; i++)
        {
            bundle.AppendLine("x");
        }

        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });

        var diagnostics = bundle.Reduce().Diagnostics;

        diagnostics.Select(static diagnostic => diagnostic.Line).ShouldBe(Enumerable.Range(3, 1_001).Select(static line => (long)line));
        diagnostics.Sum(static diagnostic => diagnostic.Count ?? 1).ShouldBe(1_500);
        diagnostics[^1].Message.ShouldBe("1500 lines are no events; the first 1000 are listed, the 500 from this one on are counted");

        // What is said of a call that one of them could have started.
        diagnostics[^2].Message.ShouldEndWith("(1 more of the same cause)");
    }

    [Fact]
    public void A_tool_call_of_a_cell_that_nothing_is_known_of_is_requested_by_the_cell_of_that_handle()
    {
        bundle.WithTurn().Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1", Requester = new CodeCellRequester { RuntimeCellId = "7" }, Kind = ToolCallKind.ForOther("f"), Summary = new GenericSummary { Label = "f" },
        });

        bundle.Reduce().Graph.ToolCalls["t1"].Requester.ShouldBe(new RequestedByCodeCell { CodeCellId = "code_cell:7" });
    }

    [Fact]
    public void A_child_whose_metadata_is_lost_is_spawned_below_whom_its_path_says()
    {
        bundle.WithTurn();
        var metadata = bundle.Payload(PayloadKind.SessionMetadata, "{}");
        File.Delete(Path.Join(bundle.Directory, metadata.Path));
        bundle.Append(new ThreadStartedEvent { ThreadId = "child", AgentPath = "/root/scout", MetadataPayload = metadata });

        bundle.Reduce().Graph.Threads["child"].Origin.ShouldBe(new SpawnedOrigin
        {
            ParentThreadId = TestBundle.Root, SpawnEdgeId = $"edge:spawn:{TestBundle.Root}:child", TaskName = "scout", AgentRole = "",
        });
    }

    [Theory]
    [InlineData(null, TestBundle.Turn)]
    [InlineData(TestBundle.Root, null)]
    public void A_compaction_without_a_thread_or_a_turn_is_refused_where_the_reference_refuses_it_and_kept_otherwise(string? thread, string? turn)
    {
        bundle.WithTurn().Append(
            new CompactionInstalledEvent { CompactionId = "k1", CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, """{"input_history":[],"replacement_history":[]}""") },
            thread,
            turn);

        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Diagnostic.Seq.ShouldBe(3);
        bundle.Reduce().Graph.Compactions["k1"].ShouldSatisfyAllConditions(k => k.ThreadId.ShouldBe(TestBundle.Root), k => k.CodexTurnId.ShouldBe(TestBundle.Turn));
    }

    [Fact]
    public void A_manifest_of_a_later_version_is_read_with_a_warning()
    {
        bundle.WithTurn().Reduce();
        var manifest = Path.Join(bundle.Directory, "manifest.json");
        File.WriteAllText(manifest, "\uFEFF" + File.ReadAllText(manifest).Replace("\"schema_version\":1", "\"schema_version\":2", StringComparison.Ordinal));

        var result = RolloutReducer.Reduce(bundle.Directory);

        result.Graph.CodexTurns.Count.ShouldBe(1);
        result.Diagnostics.ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Code.ShouldBe(DiagnosticCodes.LaterVersion), d => d.Line.ShouldBe(0));
    }
}
