using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>A process records far more than a slow disk can take.</summary>
public class OverloadTests
{
    [StallingDiskTheory]
    [InlineData(256 << 10)]
    [InlineData(32 << 10)]
    [InlineData(8 << 10)]
    [InlineData(1 << 10)]
    public void Most_rollouts_that_have_a_bundle_are_whole_and_the_others_are_counted(int requestBytes)
    {
        var limit = 16L * 20 * requestBytes;
        using var target = new TargetProcess("overload-rollouts", $"3 {requestBytes} {Math.Max(limit, 1 << 20)}", disk: true) { Pace = StallingDisk.Slow(2) };
        target.WaitForExit().ShouldBe(0, target.Errors);

        var bundles = target.Bundles.Select(b => BundleReader.Open(b)).ToArray();
        var events = target.Bundles.Select(b => RecorderFixture.Events(b)).ToArray();
        var whole = bundles.Zip(events).Count(b => b.First.Manifest.Lost is null && b.Second[^1].Payload is RolloutEndedEvent);
        var (made, eventsMade) = (long.Parse(target.Said("made").Single()[0]), long.Parse(target.Said("made").Single()[1]));
        var seen = $"{made} made, {bundles.Length} bundles, {whole} whole; {string.Join("; ", target.Said("reported").Select(words => string.Join(' ', words)))}";

        Array.ForEach(target.Bundles, b => RecorderFixture.Reduce(b));
        (whole * 2).ShouldBeGreaterThan(bundles.Length, seen);
        var refused = Counted(target, "rollout.recorder.rollouts.refused");
        refused.ShouldBeGreaterThan(0, seen);

        // One that loses its first event is stopped and has no bundle.
        var stopped = Counted(target, "rollout.recorder.bundles.stopped");
        stopped.ShouldBe(made - refused - whole, seen);
        (Counted(target, "rollout.recorder.events.not_recorded") + events.Sum(e => e.Count)).ShouldBe(eventsMade, seen);

        // One for the refusals, one for the queue if a rollout broke off; others where a busy machine let it become calm for seconds.
        var reports = target.Said("reported").Select(words => words[0]).ToArray();
        reports.ShouldContain("RolloutRefused", seen);
        reports.Contains("BundleStopped").ShouldBe(stopped > 0, seen);
        reports.Length.ShouldBeInRange(1, 5, seen);
    }

    [Fact]
    public void That_it_is_over_is_told_though_no_other_rollout_starts()
    {
        using var target = new TargetProcess("overload-over");

        target.WaitForExit().ShouldBe(0, target.Errors);

        target.Said("over").ShouldHaveSingleItem().ShouldBe(["True"]);
        target.Said("reported").Select(words => (words[0], words[^1])).ShouldContain(("RecordingResumed", "queue_full"));
    }

    private static long Counted(TargetProcess target, string instrument) =>
        long.Parse(target.Said("counted").Single(words => words[0] == instrument)[1]);
}
