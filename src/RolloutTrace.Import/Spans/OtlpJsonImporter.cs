using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>OTLP as JSON: one object, a list of them, or one a line, as the Collector's file exporter writes.</summary>
internal sealed class OtlpJsonImporter(ImportRun run, SpanFeed feed) : IImporter
{
    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => JsonShape.IsJson(beginning)
        && (beginning.IndexOf("\"resourceSpans\""u8) >= 0 || beginning.IndexOf("\"resource_spans\""u8) >= 0 || beginning.IndexOf("\"batches\""u8) >= 0);

    /// <inheritdoc/>
    public void Read(InputFile file) => feed.Add(file, add => new OtlpJsonReader(file, run, add).Read());

    /// <inheritdoc/>
    public void Finish() => feed.Complete();
}
