using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A child agent's result was delivered to its parent. In JSON: <c>agent_result_observed</c>.</summary>
public sealed record AgentResultObservedEvent : RawEventPayload
{
    internal const string TypeName = "agent_result_observed";

    /// <summary>Id of the delivery, unique in the rollout.</summary>
    public required string EdgeId { get; init; }

    /// <summary>Id of the thread whose result it is.</summary>
    public required string ChildThreadId { get; init; }

    /// <summary>The turn that ended with it.</summary>
    public required string ChildCodexTurnId { get; init; }

    /// <summary>Id of the thread that gets it.</summary>
    public required string ParentThreadId { get; init; }

    /// <summary>The result as the parent reads it.</summary>
    public required string Message { get; init; }

    /// <summary>The result with its status.</summary>
    public PayloadReference? CarriedPayload { get; init; }

    /// <summary>
    /// The tool call whose output the result went back as; null where it went back as a message. A member of our own, left out when null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToolCallId { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => CarriedPayload is null ? [] : [CarriedPayload];

    internal static AgentResultObservedEvent Read(ref CanonicalJson json) => new()
    {
        EdgeId = json.Text("edge_id"u8),
        ChildThreadId = json.Text("child_thread_id"u8),
        ChildCodexTurnId = json.Text("child_codex_turn_id"u8),
        ParentThreadId = json.Text("parent_thread_id"u8),
        Message = json.Text("message"u8),
        CarriedPayload = json.OptionalReference("carried_payload"u8),
        ToolCallId = json.TryLiteral(",\"tool_call_id\":"u8) ? json.OptionalText() : null,
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("edge_id"u8, EdgeId);
        json.WriteString("child_thread_id"u8, ChildThreadId);
        json.WriteString("child_codex_turn_id"u8, ChildCodexTurnId);
        json.WriteString("parent_thread_id"u8, ParentThreadId);
        json.WriteString("message"u8, Message);
        json.WriteReference("carried_payload"u8, CarriedPayload);
        if (ToolCallId is not null)
        {
            json.WriteString("tool_call_id"u8, ToolCallId);
        }
    }
}
