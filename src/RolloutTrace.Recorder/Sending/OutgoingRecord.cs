using System.Diagnostics;

namespace RolloutTrace.Recorder.Sending;

/// <summary>A log record on its way.</summary>
internal sealed record OutgoingRecord
{
    /// <summary>Its event name.</summary>
    public required string Name { get; init; }

    public required string Body { get; init; }

    public required DateTime Time { get; init; }

    public required IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; init; }

    public ActivityTraceId TraceId { get; init; }

    public ActivitySpanId SpanId { get; init; }
}
