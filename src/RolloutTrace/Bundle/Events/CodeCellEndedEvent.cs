using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A code cell reached a terminal status. In JSON: <c>code_cell_ended</c>.</summary>
public sealed record CodeCellEndedEvent : RawEventPayload
{
    internal const string TypeName = "code_cell_ended";

    /// <summary>The runtime's handle of the cell.</summary>
    public required string RuntimeCellId { get; init; }

    /// <summary>The cell's state at its end, in the runtime's words.</summary>
    public required CodeCellRuntimeStatus Status { get; init; }

    /// <summary>The cell's last answer; null if it gave none.</summary>
    public PayloadReference? ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => ResponsePayload is null ? [] : [ResponsePayload];

    internal static CodeCellEndedEvent Read(ref CanonicalJson json) => new()
    {
        RuntimeCellId = json.Text("runtime_cell_id"u8),
        Status = json.Enum<CodeCellRuntimeStatus>("status"u8),
        ResponsePayload = json.OptionalReference("response_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("runtime_cell_id"u8, RuntimeCellId);
        json.WriteEnum("status"u8, Status);
        json.WriteReference("response_payload"u8, ResponsePayload);
    }
}
