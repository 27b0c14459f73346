using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class OverloadOfLargePayloads : IFaultScenario
{
    private const int Seconds = 60;
    private const int MostReports = 12;

    public string Name => "overload-256kb";

    public string Promise =>
        $"8 threads, rollouts of 20 turns with 256 KB each, {Seconds} s: most bundles are whole, every event is on disk or counted, at most {MostReports} messages";

    public FaultOutcome Run()
    {
        using var target = new TargetProcess("overload-rollouts", $"{Seconds} {256 << 10} {64 << 20}");
        var exit = target.WaitForExit();
        var made = target.Said("made").Single().Select(long.Parse).ToArray();
        var memory = target.Said("memory").Single().Select(long.Parse).ToArray();
        var missing = Counted(target, "rollout.recorder.events.not_recorded");
        var refused = Counted(target, "rollout.recorder.rollouts.refused");
        var stopped = Counted(target, "rollout.recorder.bundles.stopped");
        var reports = target.Said("reported").Length;
        long onDisk = 0;
        long whole = 0;
        foreach (var bundle in target.Bundles.Select(b => BundleReader.Open(b)))
        {
            var events = bundle.ReadEvents().Select(l => l.Event).ToList();
            onDisk += events.Count;
            whole += bundle.Manifest.Lost is null && events[^1]?.Payload is RolloutEndedEvent ? 1 : 0;
        }

        var bundles = target.Bundles.Length;
        return new FaultOutcome(
            exit == 0 && whole * 2 > bundles && onDisk + missing == made[1] && whole + stopped + refused == made[0] && reports <= MostReports,
            $"{made[0]:N0} rollouts: {whole:N0} whole, {stopped:N0} broken off, {refused:N0} refused; {made[1]:N0} events: {onDisk:N0} on disk and {missing:N0} counted; "
            + $"{reports} messages; {(memory[1] - memory[0]) >> 20} MB more than at rest with a bound of 64 MiB");
    }

    private static long Counted(TargetProcess target, string instrument) =>
        long.Parse(target.Said("counted").Single(words => words[0] == instrument)[1]);
}
