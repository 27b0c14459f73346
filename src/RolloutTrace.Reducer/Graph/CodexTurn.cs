using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>A turn: one activation of a thread.</summary>
public sealed record CodexTurn
{
    /// <summary>The turn's id.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>The thread it activates.</summary>
    public required string ThreadId { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>Reserved by the format; empty.</summary>
    public IdList InputItemIds { get; init; } = IdList.Empty;

    /// <summary>The turn's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
