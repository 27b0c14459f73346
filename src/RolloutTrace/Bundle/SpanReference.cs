namespace RolloutTrace.Bundle;

/// <summary>Names an OpenTelemetry span from inside a bundle.</summary>
public sealed record SpanReference
{
    /// <summary>W3C trace id, 32 lower-case hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>W3C span id, 16 lower-case hexadecimal digits.</summary>
    public required string SpanId { get; init; }
}
