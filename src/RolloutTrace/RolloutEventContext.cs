using System.Diagnostics;

namespace RolloutTrace;

/// <summary>In whose context a raw event was observed: what goes into its envelope.</summary>
/// <param name="ThreadId">The agent's thread, if there is one.</param>
/// <param name="TurnId">The turn, if there is one.</param>
/// <param name="Span">The span that the event comes from, if there is one.</param>
public readonly record struct RolloutEventContext(string? ThreadId, string? TurnId, Activity? Span);
