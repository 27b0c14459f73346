using System.Text;
using OpenTelemetry;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

/// <summary>What the environment does wrong: the observed program goes on, and of a bundle that stops there is a clean prefix.</summary>
public class FailureTests
{
    [Fact]
    public void A_root_that_cannot_be_a_directory_stops_the_bundle_and_nothing_else()
    {
        var file = Path.GetTempFileName();
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture(root: file);
        using var session = recorder.StartSession();
        recorder.Flush();

        session.StartTurn().Complete();
        session.Complete();
        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.stopped", "directory_lost").ShouldBe(1);
        recorder.Metric("rollout.recorder.bundles.open").ShouldBe(0);
        recorder.Metric("rollout.recorder.events.written").ShouldBe(0);
        recorder.Metric("rollout.recorder.events.not_recorded", "directory_lost").ShouldBe(6);
        File.ReadAllBytes(file).ShouldBeEmpty();
        File.Delete(file);
    }

    [Fact]
    public void A_bundle_that_is_deleted_stops_and_others_go_on_and_each_cause_is_reported_once()
    {
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture();
        var lost = recorder.StartSession(new() { ThreadId = "lost-1" });
        var alsoLost = recorder.StartSession(new() { ThreadId = "lost-2" });
        var kept = recorder.StartSession(new() { ThreadId = "kept" });
        recorder.Flush();
        var deleted = recorder.Bundles.Where(b => b.Contains("lost", StringComparison.Ordinal)).ToArray();
        Array.ForEach(deleted, b => Directory.Delete(b, recursive: true));

        foreach (var session in new[] { lost, alsoLost, kept })
        {
            session.ProtocolEventObserved("a", JsonPayload.OfJson("1"));
            session.StartTurn().Complete();
            session.Complete();
        }

        recorder.Flush();

        RecorderFixture.Reduce(recorder.Bundle);
        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(7);
        recorder.Metric("rollout.recorder.bundles.stopped", "directory_lost").ShouldBe(2);

        // Of the seven of each, two were on disk and were deleted.
        recorder.Metric("rollout.recorder.events.not_recorded", "directory_lost").ShouldBe(14);
        recorder.Metric("rollout.recorder.events.removed").ShouldBe(4);
        reports.Of("BundleStopped").Count(r => deleted.Any(d => r.Contains(Path.GetFileName(d), StringComparison.Ordinal))).ShouldBe(1);
    }

    [Fact]
    public void After_the_root_was_deleted_new_rollouts_are_recorded_and_what_goes_wrong_then_is_news()
    {
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture();
        for (var round = 0; round < 2; round++)
        {
            var session = recorder.StartSession(new() { ThreadId = $"{recorder.Name}-{round}" });
            recorder.Flush();
            Directory.Delete(recorder.Root, recursive: true);
            session.ProtocolEventObserved("a", JsonPayload.OfJson("1"));
            recorder.Flush();
        }

        using (var session = recorder.StartSession())
        {
            session.Complete();
        }

        recorder.Flush();
        RecorderFixture.Reduce(recorder.Bundle);
        reports.Of("BundleStopped").Count(r => r.Contains(recorder.Name, StringComparison.Ordinal)).ShouldBe(2);
    }

    [TmpfsFact]
    public void On_a_full_disk_bundles_stop_at_a_clean_prefix_and_when_there_is_space_again_new_ones_are_recorded()
    {
        using var disk = new Tmpfs(kilobytes: 1024);
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture(root: Path.Join(disk.Root, "bundles"));
        var payload = Encoding.UTF8.GetBytes($"\"{new string('x', 10_000)}\"");
        var sessions = Enumerable.Range(0, 3).Select(i => recorder.StartSession(new() { ThreadId = $"full-{recorder.Name}-{i}" })).ToArray();
        var observed = 3 * 2;
        for (var i = 0; i < 200; i++)
        {
            Array.ForEach(sessions, s => s.ProtocolEventObserved("a", payload));
            observed += 3;
        }

        recorder.Flush();
        var during = recorder.StartSession(new() { ThreadId = $"full-{recorder.Name}-during" });
        during.ProtocolEventObserved("a", payload);
        observed += 3;
        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.stopped", "disk_full").ShouldBe(4);
        reports.Of("BundleStopped").Count(r => r.Contains(recorder.Name, StringComparison.Ordinal)).ShouldBe(1);
        var full = recorder.Bundles;
        full.ShouldAllBe(b => !BundleReader.IsBundle(b) || RecorderFixture.Reduce(b).Status == RolloutStatus.Running);
        var written = full.Where(BundleReader.IsBundle).Sum(b => RecorderFixture.Events(b).Count);
        recorder.Metric("rollout.recorder.events.written").ShouldBe(written);
        recorder.Metric("rollout.recorder.events.not_recorded", "disk_full").ShouldBe(observed - written);
        recorder.Metric("rollout.recorder.queue.size").ShouldBe(0);

        // Though there is no room for a file, each bundle says what is missing from it.
        Should.Throw<IOException>(() => File.WriteAllBytes(Path.Join(disk.Root, "more"), new byte[64 << 10]));
        foreach (var bundle in full.Where(BundleReader.IsBundle))
        {
            var lost = BundleReader.Open(bundle).Manifest.Lost.ShouldNotBeNull();
            lost.ShouldBe(new BundleLoss { Cause = "disk_full", Events = 202 - RecorderFixture.Events(bundle).Count });
        }

        Array.ForEach(full, b => Directory.Delete(b, recursive: true));
        new ScriptedAgent().Run(recorder.StartSession());
        recorder.Flush();

        RecorderFixture.Reduce(recorder.Bundle).Status.ShouldBe(RolloutStatus.Completed);
        reports.Of("RecordingResumed").ShouldContain("disk_full");
    }

    [TmpfsFact]
    public void A_disk_that_takes_small_rollouts_and_refuses_large_ones_is_told_of_three_times_and_not_each_time()
    {
        using var disk = new Tmpfs(kilobytes: 1024);
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture(root: Path.Join(disk.Root, "bundles"));
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 2 << 20)}\"");
        for (var i = 0; i < 10; i++)
        {
            using var small = recorder.StartSession(new() { ThreadId = $"flap-{recorder.Name}-{i}" });
            recorder.Flush();
            small.ProtocolEventObserved("a", large);
            recorder.Flush();
        }

        recorder.Metric("rollout.recorder.bundles.stopped", "disk_full").ShouldBe(10);
        reports.Of("BundleStopped").Count(r => r.Contains(recorder.Name, StringComparison.Ordinal)).ShouldBe(2);
        recorder.Bundles.Length.ShouldBe(10);
        recorder.Bundles.ShouldAllBe(b => RecorderFixture.Reduce(b).Status == RolloutStatus.Running);
    }

    [TmpfsFact]
    public void On_a_disk_that_becomes_read_only_bundles_stop()
    {
        using var disk = new Tmpfs(kilobytes: 1024);
        using var recorder = new RecorderFixture(root: Path.Join(disk.Root, "bundles"));
        using var session = recorder.StartSession();
        recorder.Flush();

        // The log is open for writing, which the kernel would not let go.
        using (var other = recorder.StartSession())
        {
            other.Complete();
        }

        recorder.Flush();
        disk.Remount("ro").ShouldBe(false);
        session.Complete();
        recorder.Flush();
        disk.Remount("ro").ShouldBe(true);
        recorder.StartSession().Complete();
        recorder.Flush();

        recorder.Bundles.ShouldAllBe(b => RecorderFixture.Reduce(b).Status == RolloutStatus.Completed || RecorderFixture.Reduce(b).Status == RolloutStatus.Aborted);
        recorder.Metric("rollout.recorder.bundles.stopped", "no_permission").ShouldBe(1);
        disk.Remount("rw").ShouldBe(true);
    }

    [TmpfsFact]
    public void A_rollout_in_the_middle_of_which_the_disk_is_mounted_read_only_stops_at_a_clean_prefix_and_the_next_one_on_a_disk_that_is_writable_again_is_recorded()
    {
        using var disk = new Tmpfs(kilobytes: 1024);
        using var reports = new ReportListener();

        // With one log open at most that of the first rollout is closed, and nothing keeps the kernel from it.
        using var recorder = new RecorderFixture(o => o.MaxOpenFiles = 1, root: Path.Join(disk.Root, "bundles"));
        using var session = recorder.StartSession(new() { ThreadId = $"middle-{recorder.Name}" });
        recorder.Flush();
        using (var other = recorder.StartSession())
        {
            other.Complete();
        }

        recorder.Flush();
        disk.Remount("ro").ShouldBeTrue();
        session.StartTurn().Complete();
        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.stopped", "no_permission").ShouldBe(1);
        recorder.Metric("rollout.recorder.events.not_recorded", "no_permission").ShouldBe(2);
        var bundle = recorder.Bundles.Single(b => b.Contains("middle", StringComparison.Ordinal));
        RecorderFixture.Events(bundle).Count.ShouldBe(2);
        RecorderFixture.Reduce(bundle).Status.ShouldBe(RolloutStatus.Running);

        disk.Remount("rw").ShouldBeTrue();
        recorder.StartSession().Complete();
        recorder.Flush();
        recorder.Bundles.Length.ShouldBe(3);
        reports.Of("RecordingResumed").ShouldContain("no_permission");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exporter_that_fails_stops_the_bundles_of_its_batch(bool byThrowing)
    {
        var exporter = new FailingExporter(byThrowing);
        using var recorder = new RecorderFixture(o => o.ExporterFactory = _ => exporter);
        using (var session = recorder.StartSession())
        {
            recorder.Flush();
            session.StartTurn().Complete();
        }

        recorder.Flush();

        // The first batch, which has both of the events that were there at the flush, or the first alone.
        exporter.Seen.ShouldBe(new long[] { 1, 2 }.Take(exporter.Seen.Count));
        exporter.Seen.ShouldNotBeEmpty();
        recorder.Metric("rollout.recorder.bundles.stopped", "exporter_failed").ShouldBe(1);
        recorder.Metric("rollout.recorder.events.not_recorded", "exporter_failed").ShouldBe(6);
    }

    [Fact]
    public void A_clock_that_throws_is_replaced_by_the_systems()
    {
        using var recorder = new RecorderFixture(o => o.TimeProvider = new BrokenClock());
        using (var session = recorder.StartSession())
        {
            session.Complete();
        }

        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).ShouldAllBe(e => e.WallTimeUnixMs > 1_700_000_000_000);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    [InlineData(-2_000_000_000)]
    public void A_clock_that_steps_within_a_rollout_costs_nothing_but_times(int seconds)
    {
        var clock = new SteppingClock();
        using var recorder = new RecorderFixture(o => o.TimeProvider = clock);
        var session = recorder.StartSession();
        var turn = session.StartTurn();
        recorder.Flush();

        clock.Step = TimeSpan.FromSeconds(seconds);
        turn.Complete();
        session.Complete();
        recorder.Flush();

        var graph = RecorderFixture.Reduce(recorder.Bundle);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        RecorderFixture.Events(recorder.Bundle).Select(e => e.Seq).ShouldBe([1, 2, 3, 4, 5, 6]);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        RolloutAnomalies.Find(OpenRollout.OfState(graph)).Select(a => a.Code).ShouldBe(seconds < 0 ? [AnomalyCodes.ClockStep] : []);
    }

    private sealed class SteppingClock : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2026, 2, 2, 12, 0, 0, TimeSpan.Zero);

        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => Start + Step;
    }

    private sealed class FailingExporter(bool byThrowing) : BaseExporter<RolloutRecord>
    {
        public List<long> Seen { get; } = [];

        public override ExportResult Export(in Batch<RolloutRecord> batch)
        {
            foreach (var record in batch)
            {
                Seen.Add(record.Event.Seq);
            }

            return byThrowing ? throw new InvalidOperationException("secret") : ExportResult.Failure;
        }
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("no clock");
    }
}
