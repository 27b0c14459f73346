using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>One operation on a terminal: a command run, or input written to one that runs.</summary>
public sealed record TerminalOperation
{
    /// <summary><c>terminal_operation:N</c>, N from 1 in order of creation.</summary>
    public required string OperationId { get; init; }

    /// <summary>The process it works on; null if it never got an id.</summary>
    public string? TerminalId { get; init; }

    /// <summary>The tool call it carries out.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>Run or write.</summary>
    public required TerminalOperationKind Kind { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>What it does.</summary>
    public required TerminalRequest Request { get; init; }

    /// <summary>What came of it; null until it ended with a payload.</summary>
    public TerminalResult? Result { get; init; }

    /// <summary>What the model saw of it; one entry at most.</summary>
    public IReadOnlyList<TerminalObservation> ModelObservations { get; init; } = [];

    /// <summary>The payload that made it, then the one that ended it.</summary>
    public IdList RawPayloadIds { get; init; } = IdList.Empty;

    /// <summary>The runtime's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
