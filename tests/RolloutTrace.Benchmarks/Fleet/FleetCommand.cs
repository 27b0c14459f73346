using System.Diagnostics;
using RolloutTrace.Benchmarks.Macro;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary><c>fleet [WORD]</c>: prints in one table what each step of a fleet costs a rollout; with a word, only the sections that have it in their name.</summary>
internal static class FleetCommand
{
    public static int Run(string only = "")
    {
        var start = Stopwatch.GetTimestamp();
        using var scratch = new ScratchDirectory();
        var rollouts = new FleetRollouts(scratch.FullName);
        var rows = new List<MacroRow>();
        foreach (var (name, measure) in Sections(rollouts).Where(section => section.Name.Contains(only, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F1} s] {name}");
            rows.AddRange(measure());
        }

        MacroTable.Print(rows, Console.Out);
        Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F1} s] done");
        return 0;
    }

    private static IEnumerable<(string Name, Func<IEnumerable<MacroRow>> Measure)> Sections(FleetRollouts rollouts)
    {
        yield return ("collecting", () => CollectRows.All(rollouts));
        yield return ("reducing into a lake", () => WorkRows.All(rollouts));
        yield return ("several at once", () => WorkRows.AtOnce(rollouts));
        yield return ("asking", () => QueryRows.All(rollouts));
    }
}
