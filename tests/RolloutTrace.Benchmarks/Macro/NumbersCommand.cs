using RolloutTrace.Benchmarks.Reducing;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>
/// <c>numbers [BUNDLE...]</c>: prints in one table what packing costs and saves, of a generated bundle with few words, of one with realistic texts, of the bundles
/// that are given, and while recording.
/// </summary>
internal static class NumbersCommand
{
    private const int Turns = 400;

    public static int Run(string[] given)
    {
        using var bundles = new BundleStore();
        var rows = new List<MacroRow>();
        foreach (var (name, bundle) in new[] { ("few words", bundles.Get(Turns)), ("realistic", bundles.GetRealistic(Turns)) }.Concat(given.Select(static path => (Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), Path.GetFullPath(path)))))
        {
            Console.Error.WriteLine(name);
            rows.AddRange(PackedNumbers.OfBundle(name, bundle));
        }

        Console.Error.WriteLine("recording");
        rows.AddRange(PackedNumbers.OfRecording());
        MacroTable.Print(rows, Console.Out);
        return 0;
    }
}
