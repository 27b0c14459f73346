using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>OTLP as protobuf: one message, or several with their lengths before them. Of logs it takes what SDKs log for their spans.</summary>
internal sealed class OtlpProtobufImporter(ImportRun run, SpanFeed feed) : IImporter
{
    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => OtlpFraming.Of(beginning) is not null;

    /// <inheritdoc/>
    public void Read(InputFile file) => feed.Add(file, add => new OtlpProtobufReader(file, run, add, feed.AddEvent).Read());

    /// <inheritdoc/>
    public void Finish() => feed.Complete();
}
