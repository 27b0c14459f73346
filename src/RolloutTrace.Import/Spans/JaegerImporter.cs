using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>Traces as Jaeger's UI and API give them in JSON.</summary>
internal sealed class JaegerImporter(ImportRun run, SpanFeed feed) : IImporter
{
    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => JsonShape.IsJson(beginning) && beginning.IndexOf("\"traceID\""u8) >= 0 && beginning.IndexOf("\"spans\""u8) >= 0;

    /// <inheritdoc/>
    public void Read(InputFile file) => feed.Add(file, add => new JaegerReader(file, run, add).Read());

    /// <inheritdoc/>
    public void Finish() => feed.Complete();
}
