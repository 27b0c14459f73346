using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A code cell reached a terminal status. In JSON: <c>code_cell_ended</c>.</summary>
public sealed record CodeCellEndedEvent : RawEventPayload
{
    /// <summary>The runtime's handle of the cell.</summary>
    public required string RuntimeCellId { get; init; }

    /// <summary>Its final state.</summary>
    public required CodeCellRuntimeStatus Status { get; init; }

    /// <summary>The last answer.</summary>
    public PayloadReference? ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => ResponsePayload is null ? [] : [ResponsePayload];
}
