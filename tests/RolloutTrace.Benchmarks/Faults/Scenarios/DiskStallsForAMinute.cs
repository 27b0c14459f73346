using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class DiskStallsForAMinute : IFaultScenario
{
    private const int Seconds = 70;
    private const int MostMilliseconds = 250;

    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(1);

    public string Name => "stalled-minute";

    public string Promise =>
        $"a turn with 1 KB every 10 ms, the disk stands still for a minute and then moves: nothing is lost, no turn takes {MostMilliseconds} ms";

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
        var slowest = long.Parse(target.Said("slowest").Single()[0]) / 1000.0;
        return new FaultOutcome(
            exit == 0 && events == handedOver && before < handedOver / 2 && slowest < MostMilliseconds,
            $"{events:N0} of {handedOver:N0} events on disk, {before} of them before the end of the stall; the slowest turn took {slowest:F1} ms");
    }
}
