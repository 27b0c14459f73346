using System.Diagnostics;
using System.Globalization;
using RolloutTrace.Benchmarks.Macro;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary><c>work --once</c> out of a store that is a directory, and <c>lake compact</c>, in processes of their own.</summary>
internal static class WorkRows
{
    private const int Few = 100;
    private const int Many = 1000;
    private const int Usual = 200;
    private const int Rounds = 3;

    public static IEnumerable<MacroRow> All(FleetRollouts rollouts)
    {
        var usual = rollouts.Stored(FleetRollouts.Usual, Usual);
        var start = PairedRatio.Median(Enumerable.Range(0, Rounds).Select(_ => ChildProcess.ProcessorMilliseconds(Work(rollouts.Stored(FleetRollouts.Small, 1), rollouts.Next()))));
        var lake = rollouts.Next();
        var work = ChildProcess.ProcessorMilliseconds(Work(usual, lake)) - start;
        var (bytes, files) = Parquet(lake);
        yield return FleetRow.Told("work --once: processor time a rollout", FleetRow.Milliseconds(work / Usual), $"{Usual} rollouts, reduced and their tables put; without {start:F0} ms for a store with one small rollout");
        yield return FleetRow.Told("work --once: Parquet a rollout", FleetRow.Kilobytes(bytes / Usual), $"in {files / (double)Usual:F1} files");
        var compact = ChildProcess.ProcessorMilliseconds($"'{Programs.CommandLineTool}' lake compact '{lake}'");
        yield return FleetRow.Told("lake compact: processor time a rollout", FleetRow.Milliseconds(compact / Usual), $"{FleetRow.Kilobytes(Parquet(lake).Bytes / Usual)} a rollout then, in {Parquet(lake).Files} files for {FleetRollouts.Days} days");

        var (few, many) = (rollouts.Stored(FleetRollouts.Small, Few), rollouts.Stored(FleetRollouts.Small, Many));
        var growth = PairedRatio.Of(
            Rounds,
            () => (ChildProcess.ProcessorMilliseconds(Work(many, rollouts.Next())) - start) / Many,
            () => (ChildProcess.ProcessorMilliseconds(Work(few, rollouts.Next())) - start) / Few);
        yield return FleetRow.Told("work --once: put a small rollout", FleetRow.Milliseconds(growth.Measured), $"processor time; {Many} rollouts of two turns on {FleetRollouts.Days} days, median of {Rounds} rounds");
        yield return FleetRow.Growth("work --once: ten times as many rollouts", growth.Measured, growth.Baseline, $"{Many} against {Few} small rollouts, medians of {Rounds} rounds, start left out");
    }

    /// <summary>The same store done by one worker, by two and by four, each a process that does one rollout at a time.</summary>
    public static IEnumerable<MacroRow> AtOnce(FleetRollouts rollouts)
    {
        var store = rollouts.Stored(FleetRollouts.Small, Many);
        int[] workers = [1, 2, 4];
        var rounds = Enumerable.Range(0, Rounds).Select(_ => workers.Select(count => Shards(store, rollouts.Next(), count)).ToList()).ToList();
        for (var i = 0; i < workers.Length; i++)
        {
            double Median(Func<(double Wall, double Processor), double> of) => PairedRatio.Median(rounds.Select(round => of(round[i])));
            var speed = PairedRatio.Median(rounds.Select(round => round[0].Wall / round[i].Wall));
            yield return FleetRow.Told(
                $"{workers[i]} of work --once at once",
                string.Create(CultureInfo.InvariantCulture, $"{speed:F2} x the speed of one"),
                string.Create(CultureInfo.InvariantCulture, $"{Median(static cost => cost.Wall) / 1000:F1} s by the clock, {Median(static cost => cost.Processor) / 1000:F1} s of processor time, {Many} small rollouts, {Environment.ProcessorCount} cores, median of {Rounds} rounds"));
        }
    }

    private static (double Wall, double Processor) Shards(string store, string lake, int count)
    {
        var each = Enumerable.Range(0, count).Select(shard => $"{Work(store, lake)} --shard {shard}/{count} --jobs 1 & workers+=($!)");
        // Each is waited for by its number, so that one that fails is seen.
        var all = $"workers=(); {string.Join("; ", each)}; for worker in \"${{workers[@]}}\"; do wait $worker || exit 1; done";
        var began = Stopwatch.GetTimestamp();
        var processor = ChildProcess.ProcessorMilliseconds(all);
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, processor);
    }

    private static string Work(string store, string lake) => $"'{Programs.CommandLineTool}' work --once --store '{store}' --lake '{lake}' 2>/dev/null";

    private static (double Bytes, int Files) Parquet(string lake)
    {
        var files = new DirectoryInfo(lake).GetFiles("*.parquet", SearchOption.AllDirectories);
        return (files.Sum(static file => (double)file.Length), files.Length);
    }
}
