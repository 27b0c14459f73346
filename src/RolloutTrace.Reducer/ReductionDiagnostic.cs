using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>Something that a tolerant reduction found wrong with a bundle.</summary>
public sealed record ReductionDiagnostic
{
    /// <summary>How much was lost.</summary>
    public required DiagnosticSeverity Severity { get; init; }

    /// <summary>What kind of thing it is; one of <see cref="DiagnosticCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What it is, naming the ids concerned.</summary>
    public required string Message { get; init; }

    /// <summary>Sequence number of the event concerned; null if the line has no event.</summary>
    public long? Seq { get; init; }

    /// <summary>Line of the event log, from 1; 0 for what is odd about the bundle as a whole.</summary>
    public required long Line { get; init; }

    /// <summary>How many lines it stands for, where it is told once for many that are no events; null, and left out of JSON, where it stands for itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }
}
