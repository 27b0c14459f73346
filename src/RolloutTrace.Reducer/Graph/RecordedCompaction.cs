using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>An installed compaction: from here on the model sees another history.</summary>
public sealed record RecordedCompaction
{
    /// <summary>The compaction's id.</summary>
    public required string CompactionId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>Its turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>When the new history went live, in milliseconds since the Unix epoch.</summary>
    public required long InstalledAtUnixMs { get; init; }

    /// <summary>The item that marks the boundary.</summary>
    public required string MarkerItemId { get; init; }

    /// <summary>The requests made for it.</summary>
    public required IdList RequestIds { get; init; }

    /// <summary>The history before.</summary>
    public required IdList InputItemIds { get; init; }

    /// <summary>The history after.</summary>
    public required IdList ReplacementItemIds { get; init; }

    /// <summary>The compaction's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
