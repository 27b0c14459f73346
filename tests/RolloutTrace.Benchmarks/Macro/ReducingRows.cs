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

    /// <summary>Requests whose histories do not only grow, of about 120 MB each, and beside each the same of half its bytes.</summary>
    public static IEnumerable<MacroRow> Histories()
    {
        using var directory = new ScratchDirectory();
        var (whole, half) = (new BundleShape { Turns = 300 }, new BundleShape { Turns = 212 });
        foreach (var history in HistoryShape.All.Where(static h => h.Name is not ("giant" or "incremental")))
        {
            foreach (var row in Rows(directory, history.Name, to => Reshape(directory, whole, history, to), to => Reshape(directory, half, history, to)))
            {
                yield return row;
            }
        }

        // What is not sent again has to be said: few requests with much in each.
        var incremental = HistoryShape.All.Single(static h => h.Name == "incremental");
        var (many, few) = (new BundleShape { Turns = 100, TextScale = 20 }, new BundleShape { Turns = 100, TextScale = 14 });
        foreach (var row in Rows(directory, incremental.Name, to => Reshape(directory, many, incremental, to), to => Reshape(directory, few, incremental, to)))
        {
            yield return row;
        }

        var agents = new BundleShape { Turns = 20, Agents = 200 };
        foreach (var row in Rows(directory, "200 small agents", to => BundleGenerator.Generate(agents, to), to => BundleGenerator.Generate(agents with { Agents = 100 }, to)))
        {
            yield return row;
        }

        yield return Giant(directory);
    }

    private static IEnumerable<MacroRow> Rows(ScratchDirectory directory, string name, Action<string> whole, Action<string> half)
    {
        var bundles = (Whole: Path.Join(directory.FullName, "whole"), Half: Path.Join(directory.FullName, "half"));
        whole(bundles.Whole);
        half(bundles.Half);
        var (reduction, smaller, baselines) = (new Reduction(bundles.Whole), new Reduction(bundles.Half), new BundleBaselines(bundles.Whole));
        reduction.ToStateFile();
        yield return MacroRow.AtMost(
            2.5,
            $"reduce, histories: {name}",
            "<= 2.5 x reading the files and doing nothing",
            PairedRatio.Of(5, () => Cost.Milliseconds(() => reduction.ToStateFile()), () => Cost.Milliseconds(() => baselines.ReadFiles())),
            "ms");
        yield return MacroRow.AtMost(
            1.1,
            $"reduce, histories: {name}, against half of it",
            "time grows no faster than bytes: <= 1.1",
            PairedRatio.Of(5, () => NanosecondsPerByte(reduction, times: 1), () => NanosecondsPerByte(smaller, times: 2)),
            "ns a byte");
        Directory.Delete(bundles.Whole, recursive: true);
        Directory.Delete(bundles.Half, recursive: true);
    }

    private static MacroRow Giant(ScratchDirectory directory)
    {
        var bundle = Path.Join(directory.FullName, "giant");
        Reshape(directory, new BundleShape { Turns = 4 }, HistoryShape.All.Single(static h => h.Name == "giant"), bundle);
        var reduction = new Reduction(bundle);
        reduction.ToStateFile();
        var milliseconds = PairedRatio.Median(Enumerable.Range(0, 5).Select(_ => Cost.Milliseconds(() => reduction.ToStateFile())));
        return new MacroRow
        {
            Measure = "reduce, histories: one giant item",
            Goal = "<= 150 ms",
            Found = $"{milliseconds:F0} ms",
            Reached = milliseconds <= 150,
            Basis = $"{reduction.BundleBytes / 1e6:F0} MB in 12 requests, median of 5 rounds",
        };
    }

    private static void Reshape(ScratchDirectory directory, BundleShape shape, HistoryShape history, string to)
    {
        var growing = Path.Join(directory.FullName, $"of-{shape.Turns}-turns-{shape.TextScale}");
        if (!Directory.Exists(growing))
        {
            BundleGenerator.Generate(shape, growing);
        }

        BundleReshaper.Copy(growing, to, history);
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
