using System.Diagnostics;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>The disk stands still, or is slow, while a process comes to an end: the end does not wait longer than it was told to.</summary>
public class StalledDiskTests
{
    private const int ExitTimeout = 1000;

    // For the runtime to go down on a machine that is busy with something else. Without a bound there is no end at all.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    [StallingDiskTheory]
    [InlineData("dispose")]
    [InlineData("shutdown")]
    [InlineData("exit")]
    [InlineData("return")]
    [InlineData("throw")]
    public void A_disk_that_stands_still_does_not_keep_the_program_from_ending(string ending)
    {
        using var target = Start(ending, StallingDisk.Stall);

        EndsInTime(target);

        // What is on disk is a clean prefix, and the counters and one report say what is missing.
        var written = RecorderFixture.Events(target.Bundle).Count;
        var handedOver = int.Parse(target.Said("handed-over").Single()[0]);
        written.ShouldBe(2 + 4);
        RecorderFixture.Reduce(target.Bundle);
        Counted(target, "rollout.recorder.events.not_recorded").ShouldBe(handedOver - written);
        target.Said("reported").ShouldContain(words => words[0] == "DrainIncomplete" && words[1] == $"{handedOver - written}");
    }

    [StallingDiskTheory]
    [InlineData("dispose")]
    [InlineData("exit")]
    public void A_disk_that_is_slow_but_moves_does_not_keep_it_longer_either(string ending)
    {
        using var target = Start(ending, "slow-20");

        EndsInTime(target);

        // What was in the writer's hands at that moment may have got there all the same.
        var written = RecorderFixture.Events(target.Bundle).Count;
        var handedOver = int.Parse(target.Said("handed-over").Single()[0]);
        written.ShouldBeInRange(2 + 4, handedOver - 1);
        RecorderFixture.Reduce(target.Bundle);
        (Counted(target, "rollout.recorder.events.not_recorded") + written).ShouldBeInRange(handedOver, handedOver + 64);
    }

    [StallingDiskTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_it_in_time_too(string signal)
    {
        using var target = Start("wait", StallingDisk.Stall);
        target.WaitUntilSaid("ending");

        target.Signal(signal);
        EndsInTime(target);

        target.Said("reported").ShouldContain(words => words[0] == "DrainIncomplete");
        RecorderFixture.Reduce(target.Bundle);
    }

    [StallingDiskTheory]
    [InlineData("dispose")]
    [InlineData("exit")]
    public void When_the_disk_moves_again_in_time_nothing_is_lost(string ending)
    {
        using var target = new TargetProcess("stalled", $"{ending} {StallingDisk.Stall} 60000", disk: true);
        target.WaitUntilSaid("ending");

        target.Pace = StallingDisk.Run;
        target.WaitForExit().ShouldBe(3, target.Errors);

        RecorderFixture.Events(target.Bundle).Count.ShouldBe(int.Parse(target.Said("handed-over").Single()[0]));
        RecorderFixture.Reduce(target.Bundle);
        Directory.GetFiles(target.Root, ".recorder-*").ShouldBeEmpty();
    }

    private static TargetProcess Start(string ending, string pace) => new("stalled", $"{ending} {pace} {ExitTimeout}", disk: true);

    private static void EndsInTime(TargetProcess target)
    {
        target.WaitUntilSaid("ending");
        var clock = Stopwatch.StartNew();
        target.WaitForExit(TimeSpan.FromMilliseconds(ExitTimeout) + Slack).ShouldBeTrue($"still there after {clock.Elapsed}\n{target.Errors}");

        // Nothing holds back who looks at what is left.
        target.Pace = StallingDisk.Run;
        target.WaitForExit();
    }

    private static double Counted(TargetProcess target, string instrument) =>
        double.Parse(target.Said("counted").Single(words => words[0] == instrument)[1]);
}
