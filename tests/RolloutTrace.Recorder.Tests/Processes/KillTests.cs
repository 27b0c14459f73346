using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>
/// A process that is killed while several threads record. Set ROLLOUT_TRACE_TEST_KILL_RUNS, _SEED and _BELOW for more runs, other
/// moments and another directory.
/// </summary>
public class KillTests
{
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_KILL_RUNS") ?? "20");
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_KILL_SEED") ?? "20260202");

    // How long a disk takes is not the recorder's to promise, so there is none where the system has files in memory.
    private static readonly string Memory = Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_KILL_BELOW") ?? MemoryDirectory.Path;

    /// <summary>What is promised: how long after it was handed over an event is safe from the process's death, in its ticks of 10 ms.</summary>
    private const long SafeAfterTicks = 10;

    [Fact]
    public void However_it_is_killed_every_bundle_reduces_and_has_what_was_handed_over_before()
    {
        var random = new Random(Seed);
        var moments = Enumerable.Range(0, Runs).Select(_ => random.Next(1, 200)).ToArray();
        var checkedEvents = new int[Runs];

        Parallel.For(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run => checkedEvents[run] = KillAfter(moments[run]));

        checkedEvents.Sum().ShouldBeGreaterThan(Runs * 10);
    }

    // Counts in what the program says, not in time: it lets each run be killed somewhere else, on any machine.
    private static int KillAfter(int turns)
    {
        using var target = new TargetProcess("record", below: Memory);
        target.WaitUntilSaid("handed-over", turns);
        target.Kill();
        target.WaitForExit();

        // The tick in which an event was handed over may have been nearly over.
        var lastTick = target.Said("tick").Select(words => long.Parse(words[0])).Append(0).Max();
        var safe = target.Said("handed-over")
            .Where(words => long.Parse(words[0]) + 1 + SafeAfterTicks <= lastTick)
            .GroupBy(words => words[1], words => int.Parse(words[2]))
            .ToDictionary(bundle => bundle.Key, bundle => bundle.Max());
        foreach (var (bundle, events) in safe)
        {
            Events(Path.Join(target.Root, bundle)).Count.ShouldBeGreaterThanOrEqualTo(events, $"{bundle}, after {lastTick} ticks");
        }

        foreach (var bundle in target.Bundles.Where(BundleReader.IsBundle))
        {
            Check(bundle);
        }

        return safe.Values.Sum();
    }

    private static void Check(string bundle)
    {
        var reader = BundleReader.Open(bundle);
        var events = Events(bundle);
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        foreach (var reference in events.SelectMany(e => e.Payload.PayloadReferences))
        {
            using var payload = reader.ReadPayload(reference);
            System.Text.Json.JsonDocument.Parse(payload.Memory).Dispose();
        }

        // At most the torn last line may be remarked on.
        var torn = reader.ReadEvents().Count(l => l.Event is null);
        var result = RolloutReducer.Reduce(bundle);
        result.Diagnostics.Count.ShouldBe(torn, string.Join('\n', result.Diagnostics));
        result.Graph.Status.ShouldBeOneOf(RolloutStatus.Running, RolloutStatus.Aborted);
    }

    private static List<RawEvent> Events(string bundle)
    {
        var lines = BundleReader.Open(bundle).ReadEvents().ToList();
        lines.SkipLast(1).ShouldAllBe(l => l.Event != null);
        return [.. lines.Where(l => l.Event is not null).Select(l => l.Event!)];
    }
}
