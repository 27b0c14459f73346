using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>What the events of a span say of it beyond the state.</summary>
public sealed record SpanFact
{
    /// <summary>Id of the parent's span: 16 lower-case hexadecimal digits; null where the log does not name it.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Attributes that no event has a member for, as the last event with any has them; null if none has.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>
    /// When a model request or a code cell ended by its own account, in milliseconds since the Unix epoch; null if it did not, and of
    /// all others. The state may have closed it sooner, with its turn.
    /// </summary>
    public long? EndedAtUnixMs { get; init; }

    /// <summary>The sequence number of the event by which it ended by its own account; null if it did not.</summary>
    public long? EndedSeq { get; init; }

    /// <summary>How it ended by its own account; <see cref="ExecutionStatus.Running"/> if it did not.</summary>
    public ExecutionStatus Status { get; init; } = ExecutionStatus.Running;
}
