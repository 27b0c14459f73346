namespace RolloutTrace.Cli;

/// <summary>Spans that are sent together.</summary>
/// <param name="Request">The message <c>ExportTraceServiceRequest</c>.</param>
/// <param name="Spans">How many spans are in it.</param>
internal readonly record struct OtlpBatch(ReadOnlyMemory<byte> Request, int Spans);
