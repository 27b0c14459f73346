using System.Diagnostics.Tracing;

namespace RolloutTrace.Diagnostics;

/// <summary>
/// What the instrumentation has to say about how it is set up. The name's beginning makes OpenTelemetry's self-diagnostics show it.
/// </summary>
[EventSource(Name = EventSourceName)]
internal sealed class RolloutTraceEventSource : EventSource
{
    public const string EventSourceName = "OpenTelemetry-RolloutTrace-Core";

    public static readonly RolloutTraceEventSource Log = new();

    private RolloutTraceEventSource()
    {
    }

    [Event(1, Level = EventLevel.Warning, Message = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is '{0}', which is none of true, 1, SPAN_ONLY, SPAN_AND_EVENT, false, 0, NO_CONTENT and EVENT_ONLY: spans hold no content.")]
    public void UnknownContentSwitch(string value) => WriteEvent(1, value);

    [Event(2, Level = EventLevel.Warning, Message = "'{0}' is to be resumed and cannot be read: {1}. A rollout of its own starts.")]
    public void NothingToResume(string bundle, string why) => WriteEvent(2, bundle, why);

    [Event(3, Level = EventLevel.Warning, Message = "A message to or from another process failed with {0}: who calls is not known there.")]
    public void CarrierFailed(string exceptionType) => WriteEvent(3, exceptionType);
}
