using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>Where and when model items are seen: the context of one event.</summary>
internal readonly record struct Sighting(RawEvent Event, string ThreadId, string TurnId, PayloadReference Payload);
