using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>A rollout that is not recorded, since it started during an overload: there is no bundle, and its events are counted.</summary>
internal sealed class RefusedRecording(RecorderCounters counters) : IRolloutRecording
{
    public string BundleName => string.Empty;

    public string TraceId { get; } = Guid.CreateVersion7().ToString();

    public void Record(in RolloutEventContext context, RawEventPayload payload) => counters.EventNotRecorded(StopCause.Refused);

    public PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        counters.EventNotRecorded(StopCause.Refused);
        return null;
    }
}
