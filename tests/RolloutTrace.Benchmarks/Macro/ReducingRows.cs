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
