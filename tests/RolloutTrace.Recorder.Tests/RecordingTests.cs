using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

public class RecordingTests
{
    [Fact]
    public void A_rollout_is_in_its_bundle_when_the_provider_is_gone()
    {
        using var recorder = new RecorderFixture();
        new ScriptedAgent().Run(recorder.StartSession());

        recorder.Provider.Dispose();

        var graph = RecorderFixture.Reduce(recorder.Bundle);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.Threads.Count.ShouldBe(2);
    }

    [Fact]
    public void Agents_whose_models_and_runtimes_use_the_same_ids_have_one_bundle_that_reduces_with_all_of_their_calls()
    {
        using var recorder = new RecorderFixture();
        var session = recorder.StartSession();
        new ScriptedAgent().Run(session.SpawnAgent("twin"));
        new ScriptedAgent().Run(session);

        recorder.Provider.Dispose();

        var graph = RolloutReducer.Reduce(recorder.Bundle, new ReductionOptions { Strict = true }).Graph;
        var calls = graph.ToolCalls.Values.OrderBy(call => call.Execution.StartedSeq).ToLookup(call => call.ThreadId == session.ThreadId);
        calls[true].Select(call => call.Kind).ShouldBe(calls[false].Select(call => call.Kind));
        calls[true].ShouldAllBe(call => call.ModelVisibleCallId == null);
        graph.TerminalSessions.Values.ShouldHaveSingleItem().ThreadId.ShouldNotBe(session.ThreadId);
        graph.TerminalOperations.Values.Select(operation => operation.Kind).ShouldBe(
            [TerminalOperationKind.ExecCommand, TerminalOperationKind.WriteStdin, TerminalOperationKind.ExecCommand]);
    }

    [Fact]
    public void The_bundle_says_who_when_and_from_which_span()
    {
        using var recorder = new RecorderFixture(o => o.TimeProvider = new ManualTimeProvider());
        const string Thread = "0199a213-81c0-7800-8aa1-bbab2a035a53";
        using var session = recorder.StartSession(new() { ThreadId = Thread });
        using var turn = session.StartTurn();
        recorder.Flush();

        var reader = BundleReader.Open(recorder.Bundle);
        reader.Manifest.ShouldBe(new BundleManifest
        {
            TraceId = reader.Manifest.TraceId,
            WriterLock = reader.Manifest.WriterLock,
            RolloutId = Thread,
            RootThreadId = Thread,
            StartedAtUnixMs = 1_770_000_000_000,
        });
        Guid.Parse(reader.Manifest.TraceId).Version.ShouldBe(7);
        Path.GetFileName(recorder.Bundle).ShouldBe($"trace-{reader.Manifest.TraceId}-{Thread}");
        session.Activity!.GetTagItem(RolloutAttributes.Bundle).ShouldBe(Path.GetFileName(recorder.Bundle));
        RecorderFixture.Events(recorder.Bundle).ShouldBe(
        [
            Event(1, null, null, session.Activity, new RolloutStartedEvent { TraceId = reader.Manifest.TraceId, RootThreadId = Thread }),
            Event(2, Thread, null, session.Activity, new ThreadStartedEvent
            {
                ThreadId = Thread, AgentPath = "/root", MetadataPayload = PayloadReference.ForNumber(1, PayloadKind.SessionMetadata),
            }),
            Event(3, Thread, turn.TurnId, turn.Activity!, new CodexTurnStartedEvent { CodexTurnId = turn.TurnId, ThreadId = Thread }),
        ]);

        static RawEvent Event(long seq, string? thread, string? turn, Activity span, RawEventPayload payload) => new()
        {
            Seq = seq,
            WallTimeUnixMs = 1_770_000_000_000,
            RolloutId = Thread,
            ThreadId = thread,
            CodexTurnId = turn,
            Otel = new EventSpan { TraceId = span.TraceId.ToHexString(), SpanId = span.SpanId.ToHexString() },
            Payload = payload,
        };
    }

    [Fact]
    public void Two_providers_with_the_same_root_record_a_rollout_once()
    {
        using var first = new RecorderFixture();
        using var second = new RecorderFixture(o => o.Filter = first.Owns, root: first.Root);

        new ScriptedAgent().Run(first.StartSession());
        first.Flush();
        second.Flush();

        RecorderFixture.Reduce(first.Bundle);
    }

    [Fact]
    public void Two_providers_with_different_roots_both_record_a_rollout_whole()
    {
        using var first = new RecorderFixture();
        using var second = new RecorderFixture(o => o.Filter = first.Owns);

        new ScriptedAgent().Run(first.StartSession());
        first.Flush();
        second.Flush();

        var types = RecorderFixture.Events(first.Bundle).Select(e => e.Payload.GetType()).ToArray();
        RecorderFixture.Events(second.Bundle).Select(e => e.Payload.GetType()).ShouldBe(types);
        Path.GetFileName(second.Bundle).ShouldNotBe(Path.GetFileName(first.Bundle));
        RecorderFixture.Reduce(first.Bundle);
        RecorderFixture.Reduce(second.Bundle);
    }

    [Fact]
    public void A_session_that_is_resumed_gets_a_bundle_of_its_own_with_the_same_thread()
    {
        using var recorder = new RecorderFixture();
        const string Thread = "0199a213-81c0-7800-8aa1-bbab2a035a53";
        recorder.StartSession(new() { ThreadId = Thread }).Complete();
        recorder.StartSession(new() { ThreadId = Thread }).Complete();
        recorder.Flush();

        recorder.Bundles.Length.ShouldBe(2);
        recorder.Bundles.Select(b => BundleReader.Open(b).Manifest.RootThreadId).ShouldAllBe(id => id == Thread);
    }

    [Fact]
    public void A_rollout_that_began_before_the_provider_was_there_is_not_recorded_in_part()
    {
        using var early = new RecorderFixture();
        using var session = early.StartSession();
        using var late = new RecorderFixture(o => o.Filter = early.Owns);

        session.StartTurn().Complete();
        late.Flush();

        late.Bundles.ShouldBeEmpty();
    }

    [Fact]
    public void A_span_that_is_stopped_behind_its_handles_back_ends_as_aborted()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        var turn = session.StartTurn();

        turn.Activity!.Stop();
        turn.Complete();
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle)[^1].Payload.ShouldBe(new CodexTurnEndedEvent { CodexTurnId = turn.TurnId, Status = ExecutionStatus.Aborted });
    }

    [Fact]
    public void Spans_of_other_sources_are_none_of_our_business()
    {
        var name = Guid.NewGuid().ToString();
        using var source = new ActivitySource(name);
        using var recorder = new RecorderFixture(pipeline: b => b.AddSource(name));

        source.StartActivity("other")?.Dispose();
        recorder.Flush();

        Directory.Exists(recorder.Root).ShouldBeFalse();
    }

    [Fact]
    public void A_thread_id_cannot_lead_out_of_the_root()
    {
        using var recorder = new RecorderFixture();
        recorder.StartSession(new() { ThreadId = "../../escaped\0" }).Complete();
        recorder.Flush();

        Path.GetDirectoryName(recorder.Bundle).ShouldBe(recorder.Root);
        RecorderFixture.Reduce(recorder.Bundle).RootThreadId.ShouldBe("../../escaped\0");
    }

    [Fact]
    public void Payloads_belong_to_the_recorder_as_soon_as_they_are_handed_over()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        var bytes = """{"a":"before"}"""u8.ToArray();

        session.ProtocolEventObserved("a", bytes);
        "xxxxxxxxxxxxx"u8.CopyTo(bytes);
        recorder.Flush();

        File.ReadAllText(Path.Join(recorder.Bundle, "payloads", "2.json")).ShouldBe("""{"a":"before"}""");
    }

    [Fact]
    public void After_shutdown_events_are_counted_and_not_written()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        recorder.Provider.Shutdown().ShouldBeTrue();

        session.ProtocolEventObserved("late", JsonPayload.OfJson("1"));
        session.Complete();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(2);
        recorder.Metric("rollout.recorder.events.not_recorded", "shut_down").ShouldBe(3);
        recorder.Metric("rollout.recorder.bundles.stopped", "shut_down").ShouldBe(1);
    }

    [Fact]
    public void Metrics_tell_what_is_open_recorded_and_written()
    {
        using var recorder = new RecorderFixture();
        using var ended = recorder.StartSession();
        using var open = recorder.StartSession();
        open.ProtocolEventObserved("a", JsonPayload.OfJson("12345"));
        ended.Complete();
        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.open").ShouldBe(1);
        recorder.Metric("rollout.recorder.events.recorded").ShouldBe(7);
        recorder.Metric("rollout.recorder.events.written").ShouldBe(7);
        var files = Directory.GetFiles(recorder.Root, "*.json*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "manifest.json").ToArray();
        recorder.Metric("rollout.recorder.bytes.written").ShouldBe(files.Sum(f => new FileInfo(f).Length));
        recorder.Metric("rollout.recorder.bytes.recorded").ShouldBe(files.Where(f => f.EndsWith(".json", StringComparison.Ordinal)).Sum(f => new FileInfo(f).Length));
        recorder.Metric("rollout.recorder.queue.size").ShouldBe(0);
        recorder.Metric("rollout.recorder.writer.lag").ShouldBe(0);
        recorder.Metric("rollout.recorder.caller.wait").ShouldBe(0);
    }
}
