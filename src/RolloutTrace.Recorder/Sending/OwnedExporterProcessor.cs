using OpenTelemetry;
using OpenTelemetry.Logs;

namespace RolloutTrace.Recorder.Sending;

/// <summary>Shows an exporter the pipeline that it belongs to, where it finds the resource, and ends it with that. It hands it nothing.</summary>
internal sealed class OwnedExporterProcessor(BaseExporter<LogRecord> exporter) : BaseExportProcessor<LogRecord>(exporter)
{
    protected override void OnExport(LogRecord data)
    {
    }
}
