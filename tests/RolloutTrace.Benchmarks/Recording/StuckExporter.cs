using OpenTelemetry;
using RolloutTrace.Recorder;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>A disk that stands still until the recorder is shut down.</summary>
internal sealed class StuckExporter : BaseExporter<RolloutRecord>
{
    private readonly ManualResetEventSlim released = new();

    public override ExportResult Export(in Batch<RolloutRecord> batch)
    {
        released.Wait();
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        released.Set();
        base.Dispose(disposing);
    }
}
