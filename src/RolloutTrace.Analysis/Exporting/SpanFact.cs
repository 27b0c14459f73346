using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What the events of a span say of it, beyond the state.</summary>
internal sealed class SpanFact
{
    /// <summary>Id of the parent's span, where the log names it.</summary>
    public string? ParentSpanId { get; set; }

    /// <summary>Attributes that no event has a member for.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; set; }

    /// <summary>When it ended by its own account; the state may have closed it sooner, with its turn.</summary>
    public long? EndedAtUnixMs { get; private set; }

    /// <summary>How it ended by its own account.</summary>
    public ExecutionStatus Status { get; private set; }

    /// <summary>Of several ends the first counts.</summary>
    public void End(RawEvent e, ExecutionStatus status)
    {
        if (EndedAtUnixMs is null)
        {
            EndedAtUnixMs = e.WallTimeUnixMs;
            Status = status;
        }
    }
}
