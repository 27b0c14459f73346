using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>A line of the log with the payload that was read ahead for it, if any.</summary>
internal sealed record ReadLine(RawEventLine Line, PrefetchedPayload? Payload);
