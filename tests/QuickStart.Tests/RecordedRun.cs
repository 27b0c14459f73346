using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace QuickStart.Tests;

/// <summary>One run of the scripted agent in a real tracer provider: its bundle, and its spans in the order of their start.</summary>
public sealed class RecordedRun : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"rollout-trace-quick-start-{Guid.NewGuid():N}");

    public RecordedRun()
        : this(new AlwaysOnSampler())
    {
    }

    internal RecordedRun(Sampler sampler, bool captureMessageContent = false)
    {
        var spans = new SpanCollector();
        var exported = new SpanExporter();
        using (Sdk.CreateTracerProviderBuilder()
            .SetSampler(sampler)
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = root;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
            })
            .AddProcessor(spans)
            .AddProcessor(new SimpleActivityExportProcessor(exported))
            .Build())
        {
            Bundle = Path.Join(root, ScriptedAgent.Run(TextWriter.Null, captureMessageContent));
        }

        Spans = spans.Started;
        Exported = exported.Count;
    }

    public string Bundle { get; }

    public IReadOnlyList<Activity> Spans { get; }

    /// <summary>How many spans the exporter got.</summary>
    public int Exported { get; }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private sealed class SpanCollector : BaseProcessor<Activity>
    {
        public List<Activity> Started { get; } = [];

        public override void OnStart(Activity data) => Started.Add(data);
    }

    private sealed class SpanExporter : BaseExporter<Activity>
    {
        public int Count { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            Count += (int)batch.Count;
            return ExportResult.Success;
        }
    }
}
