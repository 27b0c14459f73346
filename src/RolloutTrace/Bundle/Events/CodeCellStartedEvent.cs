using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>Model-written code was accepted for execution. In JSON: <c>code_cell_started</c>.</summary>
public sealed record CodeCellStartedEvent : RawEventPayload
{
    internal const string TypeName = "code_cell_started";

    /// <summary>The runtime's handle of the cell, local to its thread.</summary>
    public required string RuntimeCellId { get; init; }

    /// <summary>The call by which the model submitted it.</summary>
    public required string ModelVisibleCallId { get; init; }

    /// <summary>The code as the model wrote it.</summary>
    public required string SourceJs { get; init; }

    internal static CodeCellStartedEvent Read(ref CanonicalJson json) => new()
    {
        RuntimeCellId = json.Text("runtime_cell_id"u8),
        ModelVisibleCallId = json.Text("model_visible_call_id"u8),
        SourceJs = json.Text("source_js"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("runtime_cell_id"u8, RuntimeCellId);
        json.WriteString("model_visible_call_id"u8, ModelVisibleCallId);
        json.WriteString("source_js"u8, SourceJs);
    }
}
