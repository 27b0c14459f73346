namespace RolloutTrace.Reducer.Replay;

/// <summary>An id that means something only within a thread: a response's, a turn's, a runtime handle.</summary>
internal sealed record ThreadLocalId(string ThreadId, string Id);
