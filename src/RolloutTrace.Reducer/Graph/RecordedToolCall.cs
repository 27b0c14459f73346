using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>A tool call: what was asked for, what the runtime did, what came back.</summary>
public sealed record RecordedToolCall
{
    /// <summary>The call's id.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>The id that joins it to an MCP server's log.</summary>
    public string? McpCallId { get; init; }

    /// <summary>The id by which the model knows the call; null if code asked for it.</summary>
    public string? ModelVisibleCallId { get; init; }

    /// <summary>The code-mode runtime's id of the call.</summary>
    public string? CodeModeRuntimeToolId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The turn that it started in.</summary>
    public string? StartedByCodexTurnId { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>Who asked for it.</summary>
    public required ToolCallRequester Requester { get; init; }

    /// <summary>What kind of tool.</summary>
    public required ToolCallKind Kind { get; init; }

    /// <summary>The conversation items that ask for it.</summary>
    public IdList ModelVisibleCallItemIds { get; init; } = IdList.Empty;

    /// <summary>The conversation items that hold its output.</summary>
    public IdList ModelVisibleOutputItemIds { get; init; } = IdList.Empty;

    /// <summary>The terminal operation that carried it out.</summary>
    public string? TerminalOperationId { get; init; }

    /// <summary>What a list shows of it.</summary>
    public required ToolCallSummary Summary { get; init; }

    /// <summary>The payload of what was asked for.</summary>
    public string? RawInvocationPayloadId { get; init; }

    /// <summary>The payload of the result.</summary>
    public string? RawResultPayloadId { get; init; }

    /// <summary>The payloads of the runtime's observations, in order.</summary>
    public IdList RawRuntimePayloadIds { get; init; } = IdList.Empty;

    /// <summary>The call's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
