using RolloutTrace.Benchmarks.Reducing;
using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The command line tool as a user meets it: whole processes, from start to exit.</summary>
internal static class CommandLineRows
{
    private const double Megabyte = 1 << 20;

    public static IEnumerable<MacroRow> All(BundleStore bundles)
    {
        var tool = Programs.CommandLineTool;
        yield return MacroRow.AtMost(
            1.5,
            "start of the command line tool",
            "<= 1.5 x an empty console program",
            PairedRatio.Of(
                11,
                () => ChildProcess.Milliseconds(tool, "--version"),
                () => ChildProcess.Milliseconds(Programs.EmptyConsole)),
            "ms");

        var bundle = bundles.Get(400);
        yield return PeakMemory(tool, bundle);
        if (!OperatingSystem.IsWindows())
        {
            yield return MacroRow.Information(
                "reduce, 400 turns, whole process, against cat",
                PairedRatio.Of(
                    5,
                    () => ChildProcess.Milliseconds(tool, "reduce", bundle),
                    () => ChildProcess.Milliseconds("/bin/sh", "-c", $"cat '{bundle}'/*.json* '{bundle}'/payloads/* > /dev/null")),
                "ms");
        }
    }

    private static MacroRow PeakMemory(string tool, string bundle)
    {
        var state = Path.Join(bundle, BundleLayout.StateFileName);
        var peak = PairedRatio.Median(Enumerable.Range(0, 3).Select(_ => (double)ChildProcess.PeakBytes(tool, "reduce", bundle)));
        var stateBytes = new FileInfo(state).Length;
        var limit = (64 * Megabyte) + (3 * stateBytes);
        return new MacroRow
        {
            Measure = "reduce, peak memory",
            Goal = "<= 64 MB + 3 x state.json",
            Found = $"{peak / Megabyte:F0} MB of {limit / Megabyte:F0} MB",
            Reached = peak <= limit,
            Basis = $"resident set of rollout-trace reduce, 400 turns, state.json {stateBytes / Megabyte:F1} MB, median of 3",
        };
    }
}
