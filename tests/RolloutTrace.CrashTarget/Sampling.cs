using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>A sampler that drops everything. It has to be alone in its process: another provider's sampler would count too.</summary>
internal static class Sampling
{
    public static int Unsampled(string root)
    {
        using var exporter = new CountingExporter();
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .SetSampler(new AlwaysOffSampler())
            .AddRolloutTracing(options => options.BundleRoot = root)
            .AddProcessor(new SimpleActivityExportProcessor(exporter))
            .Build())
        {
            using var session = RolloutTracing.StartSession();
            Recorder.Turn(session, Recorder.Request(10));
            session.Complete();
        }

        Console.WriteLine($"exported {exporter.Exported}");
        return 0;
    }

    private sealed class CountingExporter : BaseExporter<Activity>
    {
        public int Exported { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            Exported += (int)batch.Count;
            return ExportResult.Success;
        }
    }
}
