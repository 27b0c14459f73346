using System.Diagnostics;

namespace RolloutTrace.Benchmarks.Faults;

/// <summary>
/// <c>faults [NAME...]</c>: runs the scenarios whose names have one of the words in them, all without words, and prints a table of
/// what was seen. Exits with 1 if a promise does not hold, and with 2 if no scenario has such a name.
/// </summary>
internal static class FaultsCommand
{
    public static int Run(string[] names)
    {
        var chosen = Scenarios().Where(s => names.Length == 0 || Array.Exists(names, n => s.Name.Contains(n, StringComparison.Ordinal))).ToList();
        if (chosen.Count == 0)
        {
            Console.Error.WriteLine($"no scenario is called so; there are: {string.Join(", ", Scenarios().Select(s => s.Name))}");
            return 2;
        }

        Console.Out.WriteLine("| scenario | promise | holds | seen |");
        Console.Out.WriteLine("| --- | --- | --- | --- |");
        var all = true;
        foreach (var scenario in chosen)
        {
            var start = Stopwatch.GetTimestamp();
            var outcome = Run(scenario);
            all &= outcome.Holds != false;
            var holds = outcome.Holds switch { true => "yes", false => "NO", null => "-" };
            Console.Out.WriteLine($"| `{scenario.Name}` | {scenario.Promise} | {holds} | {outcome.Seen} |");
            Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F1} s] {scenario.Name}");
        }

        return all ? 0 : 1;
    }

    private static FaultOutcome Run(IFaultScenario scenario)
    {
        try
        {
            return scenario.Run();
        }
        catch (Exception e)
        {
            return new FaultOutcome(Holds: false, $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static IEnumerable<IFaultScenario> Scenarios() => typeof(FaultsCommand).Assembly.GetTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IFaultScenario)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (IFaultScenario)Activator.CreateInstance(t, nonPublic: true)!);
}
