using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// OTLP as JSON: one object, a list of them, or one a line, as the Collector's file exporter writes. Of logs it takes the messages that
/// some SDKs log for their spans, and metrics may stand before both, as where a Collector writes all into one file; rollouts that were sent as logs are read by <see cref="Records.RecordsImporter"/>.
/// </summary>
internal sealed class OtlpJsonImporter(ImportRun run, SpanFeed feed) : IImporter
{
    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => JsonShape.IsJson(beginning)
        && (beginning.IndexOf("\"resourceSpans\""u8) >= 0 || beginning.IndexOf("\"resource_spans\""u8) >= 0 || beginning.IndexOf("\"batches\""u8) >= 0
            || beginning.IndexOf("\"resourceMetrics\""u8) >= 0 || beginning.IndexOf("\"resource_metrics\""u8) >= 0 || HasMessages(beginning));

    /// <inheritdoc/>
    public void Read(InputFile file) => feed.Add(file, add => new OtlpJsonReader(file, run, add, feed.AddEvent).Read());

    /// <inheritdoc/>
    public void Finish() => feed.Complete();

    private static bool HasMessages(ReadOnlySpan<byte> beginning) =>
        (beginning.IndexOf("\"resourceLogs\""u8) >= 0 || beginning.IndexOf("\"resource_logs\""u8) >= 0) && beginning.IndexOf("\"gen_ai."u8) >= 0;
}
