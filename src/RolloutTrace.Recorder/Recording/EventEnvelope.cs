using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// What stands around an observation in the log. It is kept in parts on the caller's thread, and put together on the
/// reader's: two objects less for each event in the code that is observed.
/// </summary>
internal readonly struct EventEnvelope
{
    private readonly string? traceId;
    private readonly string? spanId;
    private readonly string? parentSpanId;
    private readonly CarriedAttributes? spanAttributes;
    private readonly EventSpan? foreignSpan;

    public EventEnvelope(long seq, long wallTimeUnixMs, in RolloutEventContext context)
    {
        Seq = seq;
        WallTimeUnixMs = wallTimeUnixMs;
        ThreadId = context.ThreadId;
        TurnId = context.TurnId;
        if (context.ForeignSpan is not null)
        {
            foreignSpan = context.ForeignSpan;
        }
        else if (context.Span is { IdFormat: ActivityIdFormat.W3C } span)
        {
            // The activity has these strings already.
            traceId = span.TraceId.ToHexString();
            spanId = span.SpanId.ToHexString();
            parentSpanId = context.ParentSpanId;
            spanAttributes = context.SpanAttributes;
        }
    }

    public long Seq { get; }

    public long WallTimeUnixMs { get; }

    public string? ThreadId { get; }

    public string? TurnId { get; }

    public RawEvent Around(RawEventPayload observed, string rolloutId) => new()
    {
        Seq = Seq,
        WallTimeUnixMs = WallTimeUnixMs,
        RolloutId = rolloutId,
        ThreadId = ThreadId,
        CodexTurnId = TurnId,
        Payload = observed,
        Otel = foreignSpan is not null || traceId is null ? foreignSpan : new EventSpan
        {
            TraceId = traceId,
            SpanId = spanId!,
            ParentSpanId = parentSpanId,
            Carried = spanAttributes,
        },
    };
}
