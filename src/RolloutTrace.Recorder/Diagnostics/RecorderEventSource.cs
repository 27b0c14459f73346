using System.Diagnostics.Tracing;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>
/// What the recorder has to say about its own trouble. The name's beginning makes OpenTelemetry's self-diagnostics show it.
/// No event has content: names of bundles, words from fixed lists, types of exceptions and numbers only.
/// </summary>
[EventSource(Name = EventSourceName)]
internal sealed class RecorderEventSource : EventSource
{
    public const string EventSourceName = "OpenTelemetry-RolloutTrace-Recorder";

    public static readonly RecorderEventSource Log = new();

    private RecorderEventSource()
    {
    }

    [Event(1, Level = EventLevel.Warning, Message = "Bundle '{0}' stopped: {1} ({2}). Other bundles are not affected; further bundles that stop for this cause are counted, not reported.")]
    public void BundleStopped(string bundle, string cause, string detail) => WriteEvent(1, bundle, cause, detail);

    [Event(2, Level = EventLevel.Informational, Message = "Bundles are recorded again after: {0}.")]
    public void RecordingResumed(string cause) => WriteEvent(2, cause);

    [Event(3, Level = EventLevel.Warning, Message = "A payload of kind '{0}' in bundle '{1}' was replaced by a marker: {2} ({3}). Further ones are counted, not reported.")]
    public void PayloadReplaced(string kind, string bundle, string problem, string detail) => WriteEvent(3, kind, bundle, problem, detail);

    [Event(4, Level = EventLevel.Error, Message = "The recorder failed in {0}: {1}. Further failures of this kind are not reported.")]
    public void RecorderFailed(string where, string exceptionType) => WriteEvent(4, where, exceptionType);

    [Event(5, Level = EventLevel.Warning, Message = "{0} events were not written in time before shutdown or exit.")]
    public void DrainIncomplete(long events) => WriteEvent(5, events);

    [Event(6, Level = EventLevel.Informational, Message = "Recording is switched off by {0}.")]
    public void RecordingDisabled(string setting) => WriteEvent(6, setting);

    [Event(7, Level = EventLevel.Warning, Message = "Bundle '{0}' was changed by somebody else and put right: {1}. Nothing of the rollout was lost. Further bundles are put right without a report.")]
    public void BundleRepaired(string bundle, string what) => WriteEvent(7, bundle, what);

    [Event(8, Level = EventLevel.Warning, Message = "A payload of kind '{0}' in bundle '{1}' had {2} halves of surrogate pairs, each of which is U+FFFD now. Further payloads are counted, not reported.")]
    public void SurrogatesReplaced(string kind, string bundle, long count) => WriteEvent(8, kind, bundle, count);

    [Event(9, Level = EventLevel.Warning, Message = "A new rollout was refused: more happens than the disk can take, and {0} bytes wait for it. Until that is over, further ones are counted, not reported.")]
    public void RolloutRefused(long waitingBytes) => WriteEvent(9, waitingBytes);

    [Event(10, Level = EventLevel.Warning, Message = "Rollouts are recorded without content: the spans of '{0}' have no messages. EnableSensitiveData in UseOpenTelemetry(...), or OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, adds them.")]
    public void ContentIsMissing(string source) => WriteEvent(10, source);

    [Event(11, Level = EventLevel.Warning, Message = "No rollout was recorded. Spans of models, agents and tools were looked for in the provider's sources and in: {0}. Seen instead: {1}.")]
    public void NothingRecorded(string patterns, string sources) => WriteEvent(11, patterns, sources);

    [Event(12, Level = EventLevel.Warning, Message = "A payload of kind '{0}' in bundle '{1}' is of no API that is known: it is kept as it is, with the tokens that are found in it, and its items are not read. Further ones are not reported.")]
    public void DialectUnknown(string kind, string bundle) => WriteEvent(12, kind, bundle);

    [Event(13, Level = EventLevel.Warning, Message = "A span of '{0}' was not read: more come than can be recorded. What it says is in no rollout. Further ones are counted, not reported.")]
    public void SpanGivenUp(string source) => WriteEvent(13, source);

    [Event(14, Level = EventLevel.Warning, Message = "Bundle '{1}' was not {0}: {2}. It stays as it is; further ones are not reported.")]
    public void HousekeepingFailed(string what, string bundle, string detail) => WriteEvent(14, what, bundle, detail);

    [Event(15, Level = EventLevel.Informational, Message = "{0} bundles, {1} bytes, were deleted: the bundle root holds no more than KeepAtMost says.")]
    public void BundlesDeleted(long bundles, long bytes) => WriteEvent(15, bundles, bytes);

    [Event(16, Level = EventLevel.Warning, Message = "{1} events, of bundle '{0}' and perhaps others, were not sent: the log exporter failed for too long. Until it works again, further ones are counted, not reported.")]
    public void EventsNotSent(string bundle, long events) => WriteEvent(16, bundle, events);

    [Event(17, Level = EventLevel.Informational, Message = "Events are sent again; {0} were not in all.")]
    public void SendingResumed(long notSent) => WriteEvent(17, notSent);

    [Event(18, Level = EventLevel.Warning, Message = "{0} events of {1} rollouts are in no bundle ({2}).")]
    public void EventsLost(long events, long rollouts, string causes) => WriteEvent(18, events, rollouts, causes);
}
