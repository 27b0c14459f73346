using BenchmarkDotNet.Attributes;

namespace RolloutTrace.Benchmarks.Reducing;

/// <summary>Reducing bundles whose history grows, beside the two things that it cannot do without.</summary>
[MemoryDiagnoser]
public class ReducingBenchmarks
{
    private BundleStore store = null!;
    private BundleBaselines baselines = null!;
    private Reduction reduction = null!;

    [Params(50, 100, 200, 400, 1000)]
    public int Turns { get; set; }

    [GlobalSetup]
    public void Generate()
    {
        store = new BundleStore();
        reduction = new Reduction(store.Get(Turns));
        baselines = new BundleBaselines(reduction.Bundle);
    }

    [GlobalCleanup]
    public void Delete() => store.Dispose();

    [Benchmark(Baseline = true)]
    public long ReadFilesAndDoNothing() => baselines.ReadFiles();

    [Benchmark]
    public long ReadFilesAndWalkEveryToken() => baselines.WalkTokens();

    [Benchmark]
    public long Reduce() => reduction.ToGraph();

    [Benchmark]
    public long ReduceAndWriteState() => reduction.ToStateFile();
}
