namespace RolloutTrace.TestSupport;

/// <summary>A request that an <see cref="OtlpReceiver"/> got.</summary>
public sealed record OtlpRequest
{
    public required string Path { get; init; }

    public required string? ContentType { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The message <c>ExportTraceServiceRequest</c>, uncompressed and without gRPC's prefix.</summary>
    public required byte[] Message { get; init; }

    /// <summary>Its spans, as OTLP's message <c>Span</c>.</summary>
    public IEnumerable<byte[]> Spans => Message.In(1).SelectMany(static resource => resource.In(2)).SelectMany(static scope => scope.In(2));
}
