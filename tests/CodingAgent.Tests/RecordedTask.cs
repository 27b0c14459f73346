using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace CodingAgent.Tests;

/// <summary>The fixed task, run once in a real tracer provider: its bundle, its state and its spans.</summary>
public sealed class RecordedTask : IAsyncLifetime
{
    private readonly string root = Path.Join(Path.GetTempPath(), $"coding-agent-tests-{Guid.NewGuid():N}");

    internal TaskRun Run { get; private set; } = null!;

    internal string Bundle => Path.Join(root, Run.BundleName);

    internal RolloutGraph Graph { get; private set; } = null!;

    /// <summary>The spans as they were when they ended.</summary>
    internal IReadOnlyCollection<Activity> Spans { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var spans = new SpanCollector();
        using (Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = root;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
            })
            .AddProcessor(spans)
            .Build())
        {
            Run = await TaskRun.RunAsync();
        }

        Spans = spans.Ended;
        Graph = RolloutReducer.Reduce(Bundle, new ReductionOptions { Strict = true }).Graph;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    internal IEnumerable<RawEventPayload> Events() =>
        BundleReader.Open(Bundle).ReadEvents().Select(line => line.Event.ShouldNotBeNull(line.Defect?.Text).Payload);

    internal byte[] Payload(string payloadId) => File.ReadAllBytes(Path.Join(Bundle, Graph.RawPayloads[payloadId].Path));

    private sealed class SpanCollector : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
