using BenchmarkDotNet.Attributes;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>The ladder: one boundary, start and end, with more and more done about it. Below it, what it is measured against.</summary>
// A round of many boundaries is one iteration, so the runtime needs many of them until it has compiled everything well.
[MemoryDiagnoser]
[WarmupCount(15)]
[IterationCount(20)]
public class RecordingBenchmarks
{
    // Few enough that what waits for the disk stays inside the queue's bound, so that callers are never made to wait.
    private const int Small = 2000;
    private const int Medium = 500;
    private const int Large = 40;
    private const int Threads = 4;

    private readonly SamplePayload small = new(1 << 10);
    private readonly SamplePayload medium = new(16 << 10);
    private readonly SamplePayload large = new(256 << 10);
    private RecordingBaselines baselines = null!;
    private TracedTurn? traced;

    [GlobalSetup]
    public void Open() => baselines = new RecordingBaselines();

    [GlobalCleanup]
    public void Close() => baselines.Dispose();

    [IterationSetup(Targets = [nameof(SpansOnly)])]
    public void WithoutRecorder() => traced = TracedTurn.SpansOnly();

    [IterationSetup(Targets = [nameof(Record1KB), nameof(Record16KB), nameof(Record256KB), nameof(Record256KBObject), nameof(Record1KBOn4Threads), nameof(Record1KBToDisk)])]
    public void WithRecorder() => traced = TracedTurn.Recorded();

    [IterationSetup(Targets = [nameof(QueueFull)])]
    public void WithStuckRecorder()
    {
        traced = TracedTurn.Stuck();
        Repeat(Small, small.Utf8);
    }

    [IterationCleanup]
    public void EndRound()
    {
        traced?.Dispose();
        traced = null;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Small)]
    public void PlainActivity()
    {
        for (var i = 0; i < Small; i++)
        {
            baselines.PlainActivity();
        }
    }

    [Benchmark(OperationsPerInvoke = Small * 100)]
    public void NobodyListens() => UnheardBoundaries.All.Single(b => b.Name == "model request").Run(Small * 100);

    [Benchmark(OperationsPerInvoke = Small)]
    public void SpansOnly() => Repeat(Small, small.Utf8);

    [Benchmark(OperationsPerInvoke = Small)]
    public void Record1KB() => Repeat(Small, small.Utf8);

    [Benchmark(OperationsPerInvoke = Medium)]
    public void Record16KB() => Repeat(Medium, medium.Utf8);

    [Benchmark(OperationsPerInvoke = Large)]
    public void Record256KB() => Repeat(Large, large.Utf8);

    [Benchmark(OperationsPerInvoke = Large)]
    public void Record256KBObject() => Repeat(Large, JsonPayload.From(large.Request, SampleJsonContext.Default.SampleRequest));

    [Benchmark(OperationsPerInvoke = Small * Threads)]
    public void Record1KBOn4Threads()
    {
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Repeat(Small, small.Utf8))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    [Benchmark(OperationsPerInvoke = Small * Threads)]
    public void Record1KBToDisk()
    {
        Record1KBOn4Threads();
        traced!.Flush();
    }

    [Benchmark(OperationsPerInvoke = Small)]
    public void QueueFull() => Repeat(Small, small.Utf8);

    [Benchmark(OperationsPerInvoke = Small)]
    public void Serialize1KB() => Serialize(Small, small);

    [Benchmark(OperationsPerInvoke = Medium)]
    public void Serialize16KB() => Serialize(Medium, medium);

    [Benchmark(OperationsPerInvoke = Large)]
    public void Serialize256KB() => Serialize(Large, large);

    [Benchmark(OperationsPerInvoke = Small)]
    public void WriteFile1KB() => WriteFiles(Small, small);

    [Benchmark(OperationsPerInvoke = Medium)]
    public void WriteFile16KB() => WriteFiles(Medium, medium);

    [Benchmark(OperationsPerInvoke = Large)]
    public void WriteFile256KB() => WriteFiles(Large, large);

    private void Repeat(int times, in JsonPayload payload)
    {
        for (var i = 0; i < times; i++)
        {
            traced!.Boundary(payload);
        }
    }

    private void Serialize(int times, SamplePayload payload)
    {
        for (var i = 0; i < times; i++)
        {
            baselines.Serialize(payload);
        }
    }

    private void WriteFiles(int times, SamplePayload payload)
    {
        for (var i = 0; i < times; i++)
        {
            baselines.WriteFile(payload.Utf8);
        }
    }
}
