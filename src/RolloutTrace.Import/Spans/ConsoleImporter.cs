using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// What a program has printed whose spans go to its console, as OpenTelemetry's <c>ConsoleSpanExporter</c> for Python writes them: each as a JSON
/// object, on lines of its own or on one. What else the program has printed may stand before, between and behind them.
/// </summary>
internal sealed class ConsoleImporter(ImportRun run, SpanFeed feed) : IImporter
{
    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) =>
        beginning.IndexOf("\"context\""u8) >= 0 && beginning.IndexOf("\"span_id\""u8) >= 0 && beginning.IndexOf("\"parent_id\""u8) >= 0 && beginning.IndexOf("\"start_time\""u8) >= 0;

    /// <inheritdoc/>
    public void Read(InputFile file) => feed.Add(file, add => new ConsoleReader(file, run, add).Read());

    /// <inheritdoc/>
    public void Finish() => feed.Complete();
}
