using OpenTelemetry;
using OpenTelemetry.Logs;

namespace RolloutTrace.Recorder.Sending;

/// <summary>Gives a log record what its logger has no parameter for: time, span and body. Used by one thread.</summary>
internal sealed class StampProcessor : BaseProcessor<LogRecord>
{
    /// <summary>The record that is being logged.</summary>
    public OutgoingRecord? Current { get; set; }

    public override void OnEnd(LogRecord data)
    {
        if (Current is { } current)
        {
            data.Timestamp = current.Time;
            data.TraceId = current.TraceId;
            data.SpanId = current.SpanId;
            data.TraceFlags = default;
            data.TraceState = null;
            data.Body = current.Body;
            data.FormattedMessage = current.Body;
            data.Attributes = current.Attributes;
        }
    }
}
