using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>A model request, one attempt.</summary>
public sealed record InferenceCall
{
    /// <summary>The attempt's id.</summary>
    public required string InferenceCallId { get; init; }

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

    /// <summary>The provider's id of the response.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>What the model saw: every item of its input, in order.</summary>
    public IdList RequestItemIds { get; init; } = IdList.Empty;

    /// <summary>What it answered, in order.</summary>
    public IdList ResponseItemIds { get; init; } = IdList.Empty;

    /// <summary>The tool calls that its response asked for.</summary>
    public IdList ToolCallIdsStartedByResponse { get; init; } = IdList.Empty;

    /// <summary>Tokens used; null if the response does not say.</summary>
    public RecordedTokenUsage? Usage { get; init; }

    /// <summary>The payload of the request.</summary>
    public required string RawRequestPayloadId { get; init; }

    /// <summary>The payload of the response, whole or partial.</summary>
    public string? RawResponsePayloadId { get; init; }

    /// <summary>The request's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
