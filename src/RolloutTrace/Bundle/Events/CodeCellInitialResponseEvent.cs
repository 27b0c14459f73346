using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A code cell first answered. In JSON: <c>code_cell_initial_response</c>.</summary>
public sealed record CodeCellInitialResponseEvent : RawEventPayload
{
    /// <summary>The runtime's handle of the cell.</summary>
    public required string RuntimeCellId { get; init; }

    /// <summary>Its state then.</summary>
    public required CodeCellRuntimeStatus Status { get; init; }

    /// <summary>The answer.</summary>
    public PayloadReference? ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => ResponsePayload is null ? [] : [ResponsePayload];
}
