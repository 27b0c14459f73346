using RolloutTrace.Bundle;

namespace RolloutTrace;

/// <summary>
/// One rollout's evidence on its way into one bundle. Recorders implement it; handles call it on the thread where
/// something happens. Safe for concurrent use. Never throws, and never waits without bound: what goes wrong while
/// recording stays with the recorder.
/// </summary>
public interface IRolloutRecording
{
    /// <summary>The bundle's directory name, for the span attribute <c>rollout.bundle</c>; empty if there will be none, and then nothing is recorded.</summary>
    string BundleName { get; }

    /// <summary>Identity of this recording, a UUID: <see cref="BundleManifest.TraceId"/>.</summary>
    string TraceId { get; }

    /// <summary>Gives the event its place in the causal order and records it.</summary>
    void Record(in RolloutEventContext context, RawEventPayload payload);

    /// <summary>
    /// Numbers and stores the payload, then records the event that <paramref name="create"/> makes with the reference to it,
    /// as one step in the causal order. The payload's bytes are taken before the call returns.
    /// </summary>
    /// <param name="context">For the event's envelope.</param>
    /// <param name="kind">What the payload is.</param>
    /// <param name="payload">The document; not empty.</param>
    /// <param name="state">Handed to <paramref name="create"/>, so that it needs no closure.</param>
    /// <param name="create">Makes the event. Called at most once, before the call returns; must not throw.</param>
    /// <typeparam name="TState">Type of the state.</typeparam>
    /// <returns>The reference; null when nothing was recorded, since recording has stopped.</returns>
    PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create);
}
