using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A tool call was dispatched. In JSON: <c>tool_call_started</c>.</summary>
public sealed record ToolCallStartedEvent : RawEventPayload
{
    internal const string TypeName = "tool_call_started";

    /// <summary>The call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>The id by which the model knows the call.</summary>
    public string? ModelVisibleCallId { get; init; }

    /// <summary>The code-mode runtime's id of the call.</summary>
    public string? CodeModeRuntimeToolId { get; init; }

    /// <summary>Who asked for the call: the model, or the code of a cell.</summary>
    public required ToolRequester Requester { get; init; }

    /// <summary>What kind of tool it is, with the members of that kind.</summary>
    public required ToolCallKind Kind { get; init; }

    /// <summary>A label and short previews, for lists of calls.</summary>
    public required ToolCallSummary Summary { get; init; }

    /// <summary>The tool and its input; null if there was none, or none that the format allows.</summary>
    public PayloadReference? InvocationPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => InvocationPayload is null ? [] : [InvocationPayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => InvocationPayload;

    internal static ToolCallStartedEvent Read(ref CanonicalJson json) => new()
    {
        ToolCallId = json.Text("tool_call_id"u8),
        ModelVisibleCallId = json.OptionalText("model_visible_call_id"u8),
        CodeModeRuntimeToolId = json.OptionalText("code_mode_runtime_tool_id"u8),
        Requester = ToolRequester.Read(ref json),
        Kind = ToolCallKind.Read(ref json),
        Summary = ToolCallSummary.Read(ref json),
        InvocationPayload = json.OptionalReference("invocation_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("tool_call_id"u8, ToolCallId);
        json.WriteString("model_visible_call_id"u8, ModelVisibleCallId);
        json.WriteString("code_mode_runtime_tool_id"u8, CodeModeRuntimeToolId);
        json.WritePropertyName("requester"u8);
        JsonSerializer.Serialize(json, Requester, BundleJsonContext.Default.ToolRequester);
        json.WritePropertyName("kind"u8);
        JsonSerializer.Serialize(json, Kind, BundleJsonContext.Default.ToolCallKind);
        json.WritePropertyName("summary"u8);
        JsonSerializer.Serialize(json, Summary, BundleJsonContext.Default.ToolCallSummary);
        json.WriteReference("invocation_payload"u8, InvocationPayload);
    }
}
