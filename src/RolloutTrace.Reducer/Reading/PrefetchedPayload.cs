using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>A payload that was read ahead, or why it could not be. Whether that matters is for the reduction to say.</summary>
internal sealed record PrefetchedPayload(PayloadReference Reference, PayloadBytes? Bytes, BundleException? Error);
