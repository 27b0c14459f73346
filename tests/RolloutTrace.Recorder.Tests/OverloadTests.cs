using System.Diagnostics;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.Recorder.Tests;

public sealed class OverloadTests : IDisposable
{
    private const int Limit = 1 << 20;

    // What callers may hold beyond the bound: what each of a few threads is in the middle of.
    private const int Slack = 64 << 10;

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"input":[],"text":"{{new string('x', 1000)}}"}""");

    private GatedExporter? exporter;

    public void Dispose() => exporter?.Gate.Set();

    [Fact]
    public void With_a_disk_that_stands_still_a_bundle_stops_at_a_clean_prefix_and_the_counters_say_how_many_events_are_missing()
    {
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();
        var boundaries = 0;
        for (; recorder.Metric("rollout.recorder.bundles.stopped", "queue_full") == 0 || boundaries % 100 != 0; boundaries++)
        {
            turn.StartModelRequest("gpt-5", Payload).Dispose();
        }

        recorder.Metric("rollout.recorder.queue.size").ShouldBeInRange(Limit / 2, Limit + Slack);
        exporter!.Gate.Set();
        recorder.Flush();

        var events = RecorderFixture.Events(recorder.Bundle);
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        RecorderFixture.Reduce(recorder.Bundle);
        recorder.Metric("rollout.recorder.events.recorded").ShouldBe(events.Count);
        recorder.Metric("rollout.recorder.events.written").ShouldBe(events.Count);
        recorder.Metric("rollout.recorder.events.not_recorded", "queue_full").ShouldBe(3 + (2 * boundaries) - events.Count);
        recorder.Metric("rollout.recorder.bundles.stopped", "queue_full").ShouldBe(1);
        recorder.Metric("rollout.recorder.queue.size").ShouldBe(0);
    }

    [Fact]
    public void When_the_disk_moves_again_new_rollouts_are_recorded()
    {
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        FillQueue(recorder);

        exporter!.Gate.Set();
        recorder.Flush();
        using (var session = recorder.StartSession())
        {
            session.Complete();
        }

        recorder.Flush();
        recorder.Bundles.Select(b => RecorderFixture.Events(b)[^1].Payload.GetType().Name).ShouldContain("RolloutEndedEvent");
        recorder.Bundles.ShouldAllBe(bundle => RecorderFixture.Reduce(bundle) != null);
    }

    [Fact]
    public void A_rollout_that_starts_while_the_queue_is_full_is_refused_and_counted_and_names_no_bundle()
    {
        using var reports = new ReportListener();
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        FillQueue(recorder);
        var lost = recorder.Metric("rollout.recorder.events.not_recorded");

        for (var i = 0; i < 3; i++)
        {
            using var session = recorder.StartSession();
            session.BundleName.ShouldBeNull();
            using var turn = session.StartTurn();
            turn.StartModelRequest("gpt-5", Payload).Dispose();
        }

        recorder.Metric("rollout.recorder.rollouts.refused").ShouldBe(3);
        recorder.Metric("rollout.recorder.events.not_recorded", "refused").ShouldBe(3 * (3 + 2 + 3));
        recorder.Metric("rollout.recorder.events.not_recorded", "queue_full").ShouldBe(lost);
        recorder.Metric("rollout.recorder.bundles.stopped").ShouldBe(1);
        recorder.Metric("rollout.recorder.bundles.open").ShouldBe(0);
        exporter!.Gate.Set();
        recorder.Flush();
        recorder.Bundles.Length.ShouldBe(1);
        reports.Of("RolloutRefused").ShouldNotBeEmpty();
    }

    [Fact]
    public void The_older_of_two_rollouts_has_room_where_the_younger_has_none()
    {
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        using var older = recorder.StartSession();
        using var younger = recorder.StartSession();
        using var turn = older.StartTurn();
        using var other = younger.StartTurn();
        FillQueue(recorder);
        var before = recorder.Metric("rollout.recorder.events.not_recorded");

        other.StartModelRequest("gpt-5", Payload).Dispose();
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(before + 2);
        exporter!.Gate.Set();
        recorder.Flush();
        turn.StartModelRequest("gpt-5", Payload).Dispose();
        turn.Complete();
        older.Complete();
        recorder.Flush();

        RecorderFixture.Events(Path.Join(recorder.Root, older.BundleName))[^1].Payload.ShouldBeOfType<Bundle.RolloutEndedEvent>();
    }

    [Fact]
    public void All_callers_together_are_kept_waiting_no_longer_than_the_limit()
    {
        using var recorder = Stalled(maxWait: TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();

        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() => FillQueue(recorder))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        // The upper bound leaves room for a machine that is busy with something else.
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(20));
        recorder.Metric("rollout.recorder.caller.wait").ShouldBeInRange(0.25, 8 * 2.0);
        exporter!.Gate.Set();
        recorder.Flush();
        recorder.Bundles.ShouldAllBe(bundle => RecorderFixture.Reduce(bundle) != null);
    }

    [Fact]
    public void A_caller_that_waits_goes_on_as_soon_as_there_is_room()
    {
        using var recorder = Stalled(maxWait: TimeSpan.FromMinutes(5));
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();
        var caller = new Thread(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                turn.StartModelRequest("gpt-5", Payload).Dispose();
            }
        });
        caller.Start();
        exporter!.Entered.Wait();
        SpinWait.SpinUntil(() => caller.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin));
        caller.IsAlive.ShouldBeTrue();

        exporter.Gate.Set();
        caller.Join();
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(3 + (2 * 2000));
        recorder.Metric("rollout.recorder.bundles.stopped").ShouldBe(0);
    }

    [Fact]
    public void A_single_payload_larger_than_what_is_left_of_the_bound_is_recorded_when_nothing_else_is_queued()
    {
        using var recorder = new RecorderFixture(o =>
        {
            o.QueueLimitBytes = Limit;
            o.MaxPayloadBytes = 8 << 20;
            o.MaxCallerWait = TimeSpan.Zero;
        });
        using var session = recorder.StartSession();
        recorder.Flush();

        session.ProtocolEventObserved("large", Encoding.UTF8.GetBytes($"\"{new string('x', 4 << 20)}\""));
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(3);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
    }

    [Fact]
    public void Flush_and_shutdown_give_up_on_a_disk_that_stands_still_and_say_so()
    {
        using var reports = new ReportListener();
        using var recorder = Stalled(maxWait: TimeSpan.Zero, drainTimeout: TimeSpan.FromMilliseconds(100));
        using var session = recorder.StartSession();
        exporter!.Entered.Wait();

        recorder.Provider.ForceFlush().ShouldBeFalse();
        recorder.Provider.Shutdown(timeoutMilliseconds: 50).ShouldBeFalse();

        reports.Of("DrainIncomplete").ShouldContain("2");

        // What is given up is not taken back: the disk moves again, and the writer has to be done before its directory goes.
        exporter.Gate.Set();
        recorder.Provider.ForceFlush(timeoutMilliseconds: 60_000).ShouldBeTrue();
    }

    [Fact]
    public void A_disk_that_stands_still_leaves_the_exporters_behind_the_recorder_time_to_shut_down()
    {
        var behind = new LastProcessor();
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        recorder.Provider.AddProcessor(behind);
        using var session = recorder.StartSession();
        exporter!.Entered.Wait();

        recorder.Provider.Shutdown(timeoutMilliseconds: 2000).ShouldBeFalse();

        behind.HadMilliseconds.ShouldBeInRange(1, 1100);
        exporter.Gate.Set();
    }

    [Fact]
    public void Disposing_after_a_shutdown_that_ran_out_of_time_waits_for_a_disk_that_moves()
    {
        using var recorder = Stalled(maxWait: TimeSpan.Zero);
        FillQueue(recorder, requests: 200);
        var recorded = recorder.Metric("rollout.recorder.events.recorded");
        recorder.Provider.Shutdown(timeoutMilliseconds: 1).ShouldBeFalse();

        exporter!.Gate.Set();
        recorder.Provider.Dispose();

        recorded.ShouldBeGreaterThan(2 * 200);
        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe((int)recorded);
    }

    [Fact]
    public void What_is_given_up_is_counted_down_to_the_event_and_reported()
    {
        using var reports = new ReportListener();
        using var recorder = Stalled(maxWait: TimeSpan.Zero, exitTimeout: TimeSpan.FromMilliseconds(50));
        FillQueue(recorder, requests: 100);
        exporter!.Entered.Wait();

        recorder.Provider.Dispose();

        var events = 3 + (2 * 100) + 3;
        recorder.Metric("rollout.recorder.events.not_recorded", "shut_down").ShouldBe(events);
        reports.Of("DrainIncomplete").ShouldContain($"{events}");
        reports.Of("EventsLost").ShouldContain($"{events} 1 shut_down {events}");

        // Nothing of it is counted again when the disk moves after all.
        exporter.Gate.Set();
        exporter.Left.Wait();
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(events);
    }

    [Fact]
    public void A_redaction_hook_that_stands_still_loses_what_the_counters_say()
    {
        using var gate = new ManualResetEventSlim();
        using var recorder = new RecorderFixture(o =>
        {
            o.ExitTimeout = TimeSpan.FromMilliseconds(50);
            o.Redact = payload => payload.Kind is null && !gate.Wait(Timeout.Infinite) ? default : payload.Content;
        });
        var turn = recorder.StartSession().StartTurn();
        for (var i = 0; i < 20; i++)
        {
            turn.StartModelRequest("gpt-5", Payload).Fail("reason");
        }

        recorder.Provider.Dispose();

        var written = recorder.Bundles.Sum(b => RecorderFixture.Events(b).Count);
        (recorder.Metric("rollout.recorder.events.not_recorded") + written).ShouldBe(recorder.Metric("rollout.recorder.events.recorded"));
        written.ShouldBe((int)recorder.Metric("rollout.recorder.events.written"));
        gate.Set();
    }

    [Fact]
    public void A_redaction_hook_that_is_slow_but_moves_is_waited_for_as_a_disk_is()
    {
        using var never = new ManualResetEventSlim();
        using var recorder = new RecorderFixture(o =>
        {
            // Shorter than the hook takes for all that is handed over at once, longer than for one.
            o.DrainTimeout = TimeSpan.FromSeconds(2);
            o.Redact = payload => payload.Kind is null && never.Wait(50) ? default : payload.Content;
        });
        var turn = recorder.StartSession().StartTurn();
        for (var i = 0; i < 60; i++)
        {
            turn.StartModelRequest("gpt-5", Payload).Fail("reason");
        }

        recorder.Provider.Dispose();

        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(3 + (2 * 60));
    }

    private RecorderFixture Stalled(TimeSpan maxWait, TimeSpan? drainTimeout = null, TimeSpan? exitTimeout = null) => new(o =>
    {
        o.QueueLimitBytes = Limit;
        o.MaxCallerWait = maxWait;
        o.DrainTimeout = drainTimeout ?? TimeSpan.FromSeconds(60);
        o.ExitTimeout = exitTimeout ?? Timeout.InfiniteTimeSpan;
        o.ExporterFactory = _ => exporter = new GatedExporter(o.BundleRoot!);
    });

    private static void FillQueue(RecorderFixture recorder, int requests = 2000)
    {
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();
        for (var i = 0; i < requests; i++)
        {
            turn.StartModelRequest("gpt-5", Payload).Dispose();
        }
    }
    private sealed class LastProcessor : BaseProcessor<Activity>
    {
        public int HadMilliseconds { get; private set; } = -1;

        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            HadMilliseconds = timeoutMilliseconds;
            return true;
        }
    }
}
