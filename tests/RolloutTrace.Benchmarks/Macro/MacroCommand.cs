using System.Diagnostics;
using RolloutTrace.Benchmarks.Reducing;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>
/// <c>macro [WORD]</c>: measures every goal once more, coarsely, and prints what was reached; with a word, only what is in the
/// sections that have it in their name.
/// </summary>
internal static class MacroCommand
{
    public static int Run(string only = "")
    {
        var start = Stopwatch.GetTimestamp();
        using var bundles = new BundleStore();
        var rows = new List<MacroRow>();
        foreach (var (name, measure) in Sections(bundles).Where(s => s.Name.Contains(only, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F1} s] {name}");
            rows.AddRange(measure());
        }

        MacroTable.Print(rows, Console.Out);
        Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F1} s] done");
        return 0;
    }

    private static IEnumerable<(string Name, Func<IEnumerable<MacroRow>> Measure)> Sections(BundleStore bundles)
    {
        yield return ("recording: nobody listens", RecordingRows.NobodyListens);
        yield return ("recording: the caller's time", RecordingRows.CallersTime);
        yield return ("recording: what spans say", RecordingRows.WhatSpansSay);
        yield return ("recording: the time of spans of others", ForeignSpanRows.CallersTime);
        yield return ("recording: allocation", RecordingRows.Allocation);
        yield return ("recording: to disk", RecordingRows.Sustained);
        yield return ("packing: recording", PackedRows.Recording);
        yield return ("packing: files", () => PackedRows.Files(bundles));
        yield return ("reducing, in this process", () => ReducingRows.InProcess(bundles));
        yield return ("reducing, histories that do not only grow", ReducingRows.Histories);
        yield return ("the command line tool, in processes of its own", () => CommandLineRows.All(bundles));
        yield return ("the page to look at", () => ViewRows.All(bundles));
    }
}
