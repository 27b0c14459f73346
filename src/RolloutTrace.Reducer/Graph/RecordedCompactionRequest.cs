using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>A model request made for a compaction, one attempt.</summary>
public sealed record RecordedCompactionRequest
{
    /// <summary>The attempt's id.</summary>
    public required string CompactionRequestId { get; init; }

    /// <summary>The compaction it is for, whether that was installed or not.</summary>
    public required string CompactionId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>Its turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Who serves the model.</summary>
    public required string ProviderName { get; init; }

    /// <summary>The payload of the request.</summary>
    public required string RawRequestPayloadId { get; init; }

    /// <summary>The payload of the response.</summary>
    public string? RawResponsePayloadId { get; init; }

    /// <summary>The request's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
