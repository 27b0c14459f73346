using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>Model-written code that a code-mode runtime executed.</summary>
public sealed record RecordedCodeCell
{
    /// <summary><c>code_cell:{model_visible_call_id}</c>.</summary>
    public required string CodeCellId { get; init; }

    /// <summary>The call by which the model submitted the code.</summary>
    public required string ModelVisibleCallId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The turn that it started in. A cell can outlive its turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>The conversation item that holds the code.</summary>
    public required string SourceItemId { get; init; }

    /// <summary>The outputs that the model saw.</summary>
    public IdList OutputItemIds { get; init; } = IdList.Empty;

    /// <summary>The runtime's handle of the cell, local to its thread.</summary>
    public string? RuntimeCellId { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>How it stands, as the runtime reports it.</summary>
    public required CodeCellRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it first answered, in milliseconds since the Unix epoch.</summary>
    public long? InitialResponseAtUnixMs { get; init; }

    /// <summary>The event by which it first answered.</summary>
    public long? InitialResponseSeq { get; init; }

    /// <summary>When it last gave an early answer, in milliseconds since the Unix epoch.</summary>
    public long? YieldedAtUnixMs { get; init; }

    /// <summary>The event of the last early answer.</summary>
    public long? YieldedSeq { get; init; }

    /// <summary>The code.</summary>
    public required string SourceJs { get; init; }

    /// <summary>The tool calls that the code made.</summary>
    public IdList NestedToolCallIds { get; init; } = IdList.Empty;

    /// <summary>The tool calls that waited for it.</summary>
    public IdList WaitToolCallIds { get; init; } = IdList.Empty;

    /// <summary>The cell's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}
