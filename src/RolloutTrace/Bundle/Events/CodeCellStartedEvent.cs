namespace RolloutTrace.Bundle;

/// <summary>Model-written code was accepted for execution. In JSON: <c>code_cell_started</c>.</summary>
public sealed record CodeCellStartedEvent : RawEventPayload
{
    /// <summary>The runtime's handle of the cell, local to its thread.</summary>
    public required string RuntimeCellId { get; init; }

    /// <summary>The call by which the model submitted it.</summary>
    public required string ModelVisibleCallId { get; init; }

    /// <summary>The code.</summary>
    public required string SourceJs { get; init; }
}
