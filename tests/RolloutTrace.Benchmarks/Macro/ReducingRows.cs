using RolloutTrace.Benchmarks.Generation;
using RolloutTrace.Benchmarks.Generation.Shapes;
using RolloutTrace.Benchmarks.Reducing;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>Reducing with a warm runtime: process start and compilation excluded, state.json written.</summary>
internal static class ReducingRows
{
    public static IEnumerable<MacroRow> InProcess(BundleStore bundles)
    {
        var large = new Reduction(bundles.Get(400));
        var baselines = new BundleBaselines(large.Bundle);
        // The runtime compiles what runs often a second time, better, in the background.
        Warm(large, baselines);

        yield return MacroRow.AtMost(
            2.5,
            "reduce, 400 turns, against reading",
            "<= 2.5 x reading the files and doing nothing",
            PairedRatio.Of(9, () => Cost.Milliseconds(() => large.ToStateFile()), () => Cost.Milliseconds(() => baselines.ReadFiles())),
            "ms");
        yield return MacroRow.AtMost(
            1.0,
            "reduce, 400 turns, against walking",
            "<= 1.0 x walking every token",
            PairedRatio.Of(5, () => Cost.Milliseconds(() => large.ToStateFile()), () => Cost.Milliseconds(() => baselines.WalkTokens())),
            "ms");
        yield return MacroRow.Information(
            "reduce, 400 turns, state in memory only, against reading",
            PairedRatio.Of(5, () => Cost.Milliseconds(() => large.ToGraph()), () => Cost.Milliseconds(() => baselines.ReadFiles())),
            "ms");

        var huge = new Reduction(bundles.Get(1000));
        var small = new Reduction(bundles.Get(100));
        yield return MacroRow.AtMost(
            1.15,
            "reduce, 1,000 turns against 100",
            "time grows no faster than bytes: <= 1.15",
            PairedRatio.Of(5, () => NanosecondsPerByte(huge, times: 1), () => NanosecondsPerByte(small, times: 10)),
            "ns a byte");
    }

    /// <summary>Requests whose histories do not only grow, of about 120 MB each.</summary>
    public static IEnumerable<MacroRow> Histories()
    {
        using var directory = new ScratchDirectory();
        var growing = Path.Join(directory.FullName, "of-300-turns");
        BundleGenerator.Generate(new BundleShape { Turns = 300 }, growing);
        foreach (var history in HistoryShape.All.Where(static h => h.Name != "giant"))
        {
            var bundle = Path.Join(directory.FullName, history.Name);
            BundleReshaper.Copy(growing, bundle, history);
            var reduction = new Reduction(bundle);
            var baselines = new BundleBaselines(bundle);
            reduction.ToStateFile();
            yield return MacroRow.AtMost(
                2.5,
                $"reduce, histories: {history.Name}",
                "<= 2.5 x reading the files and doing nothing",
                PairedRatio.Of(3, () => Cost.Milliseconds(() => reduction.ToStateFile()), () => Cost.Milliseconds(() => baselines.ReadFiles())),
                "ms");
            Directory.Delete(bundle, recursive: true);
        }
    }

    private static void Warm(Reduction reduction, BundleBaselines baselines)
    {
        for (var i = 0; i < 3; i++)
        {
            reduction.ToStateFile();
            baselines.ReadFiles();
            baselines.WalkTokens();
        }
    }

    private static double NanosecondsPerByte(Reduction reduction, int times) => Cost.Nanoseconds(times, () =>
    {
        for (var i = 0; i < times; i++)
        {
            reduction.ToStateFile();
        }
    }) / reduction.BundleBytes;
}
