using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CodingAgent.Tests;

/// <summary>A tracer provider that records into a directory of its own, until it is disposed of; the directory goes with the object.</summary>
internal sealed class Recording : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("coding-agent-tests-");
    private readonly TracerProvider provider;
    private readonly SpanCounter exported = new();
    private bool isOver;

    /// <param name="sampler">Decides what is exported.</param>
    /// <param name="rootIsFile">Whether the bundle root is a place where no directory can be.</param>
    public Recording(Sampler? sampler = null, bool rootIsFile = false)
    {
        Root = Path.Join(directory.FullName, "bundles");
        if (rootIsFile)
        {
            File.WriteAllText(Root, "no directory");
        }

        provider = Sdk.CreateTracerProviderBuilder()
            .SetSampler(sampler ?? new AlwaysOnSampler())
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = Root;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
            })
            .AddProcessor(new SimpleActivityExportProcessor(exported))
            .Build();
    }

    public string Root { get; }

    /// <summary>How many spans the exporter got.</summary>
    public int Exported => exported.Count;

    public string Bundle(TaskRun run) => Path.Join(Root, run.BundleName);

    /// <summary>Ends the recording: what was recorded is on disk.</summary>
    public void Stop()
    {
        if (!isOver)
        {
            isOver = true;
            provider.Dispose();
        }
    }

    public void Dispose()
    {
        Stop();
        directory.Delete(recursive: true);
    }

    private sealed class SpanCounter : BaseExporter<Activity>
    {
        public int Count { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            Count += (int)batch.Count;
            return ExportResult.Success;
        }
    }
}
