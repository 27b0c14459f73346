using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class DiskStallsForAMinute : IFaultScenario
{
    private const int Seconds = 70;

    // For a turn's own work, and beyond it what the machine does to any thread.
    private const int MostMilliseconds = 250;

    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(1);

    public string Name => "stalled-minute";

    public string Promise =>
        $"a turn with 1 KB every 10 ms, the disk stands still for a minute and then moves: nothing is lost, no caller is kept waiting, and no turn takes {MostMilliseconds} ms more than the machine takes to wake an idle thread";

    public FaultOutcome Run()
    {
        if (StallingDisk.WhyNot is { } whyNot)
        {
            return FaultOutcome.Skipped(whyNot);
        }

        using var target = new TargetProcess("steady", $"{Seconds}", disk: true);
        target.WaitUntilSaid("started");
        target.Pace = StallingDisk.Stall;
        Thread.Sleep(Stall);
        var before = BundleReader.Open(target.Bundle).ReadEvents().Count();
        target.Pace = StallingDisk.Run;
        var exit = target.WaitForExit();
        var events = BundleReader.Open(target.Bundle).ReadEvents().Count(l => l.Event is not null);
        var handedOver = int.Parse(target.Said("handed-over").Single()[0]);
        var times = target.Said("slowest").Single().Select(t => long.Parse(t) / 1000.0).ToArray();
        var waited = double.Parse(target.Said("counted").Single(words => words[0] == "rollout.recorder.caller.wait")[1]);
        return new FaultOutcome(
            exit == 0 && events == handedOver && before < handedOver / 2 && waited == 0 && times[0] < times[1] + MostMilliseconds,
            $"{events:N0} of {handedOver:N0} events on disk, {before} of them before the end of the stall; callers waited {waited} s; the slowest turn took {times[0]:F1} ms, "
            + $"an idle thread was woken up to {times[1]:F1} ms late");
    }
}
