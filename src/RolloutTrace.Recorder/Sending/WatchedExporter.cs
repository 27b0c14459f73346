using OpenTelemetry;
using OpenTelemetry.Logs;

namespace RolloutTrace.Recorder.Sending;

/// <summary>Hands batches on, and says how many records were taken, which pipelines do not.</summary>
internal sealed class WatchedExporter(BaseExporter<LogRecord> inner) : BaseExporter<LogRecord>
{
    private long taken;

    /// <summary>Records that were taken.</summary>
    public long Taken => Volatile.Read(ref taken);

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var count = batch.Count;
        try
        {
            if (inner.Export(batch) != ExportResult.Success)
            {
                return ExportResult.Failure;
            }
        }
        catch (Exception)
        {
            // As good as a failure: it is tried again, and counted in the end.
            return ExportResult.Failure;
        }

        Interlocked.Add(ref taken, count);
        return ExportResult.Success;
    }
}
