using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace;

/// <summary>In whose context a raw event was observed: what goes into its envelope.</summary>
/// <param name="ThreadId">The agent's thread, if there is one.</param>
/// <param name="TurnId">The turn, if there is one.</param>
/// <param name="Span">The span that the event comes from, if there is one.</param>
public readonly record struct RolloutEventContext(string? ThreadId, string? TurnId, Activity? Span)
{
    /// <summary>Id of the span's parent, 16 lower-case hexadecimal digits, at a start where the event does not tell it; null otherwise.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>
    /// The span as the event is to name it, where it is no <see cref="Activity"/> of this process; then <see cref="Span"/>,
    /// <see cref="ParentSpanId"/> and <see cref="SpanAttributes"/> are not looked at.
    /// </summary>
    public EventSpan? ForeignSpan { get; init; }

    /// <summary>When it was observed, in milliseconds since the Unix epoch; null for now. For importers, which come afterwards.</summary>
    public long? WallTimeUnixMs { get; init; }

    /// <summary>Attributes of the span so far that no event has a member for; null if there are none.</summary>
    public CarriedAttributes? SpanAttributes { get; init; }
}
