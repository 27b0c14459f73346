using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class OverloadOfSmallPayloads : IFaultScenario
{
    private const int Seconds = 60;
    private const long Slack = 64 << 20;

    public string Name => "overload-1kb";

    public string Promise => $"64 threads, 1 KB, {Seconds} s: memory stays within the bound, and every bundle is a clean prefix";

    public FaultOutcome Run()
    {
        using var target = new TargetProcess("overload", $"{Seconds}");
        var exit = target.WaitForExit();
        var memory = target.Said("memory").Single().Select(long.Parse).ToArray();
        var clean = target.Bundles.Count(b => RolloutReducer.Reduce(b).Diagnostics.Count == 0);
        var more = memory[1] - memory[0];
        return new FaultOutcome(
            exit == 0 && more < memory[2] + Slack && clean == target.Bundles.Length,
            $"{more >> 20} MB more than at rest with a bound of {memory[2] >> 20} MiB; {clean} of {target.Bundles.Length} bundles are clean");
    }
}
