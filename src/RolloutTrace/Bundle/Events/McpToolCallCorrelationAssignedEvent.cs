using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>A tool call got the id that joins it to an MCP server's log. In JSON: <c>mcp_tool_call_correlation_assigned</c>.</summary>
public sealed record McpToolCallCorrelationAssignedEvent : RawEventPayload
{
    internal const string TypeName = "mcp_tool_call_correlation_assigned";

    /// <summary>Id of the tool call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>The id, a UUID, sent along in the request's <c>_meta</c>.</summary>
    public required string McpCallId { get; init; }

    internal static McpToolCallCorrelationAssignedEvent Read(ref CanonicalJson json) => new()
    {
        ToolCallId = json.Text("tool_call_id"u8),
        McpCallId = json.Text("mcp_call_id"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("tool_call_id"u8, ToolCallId);
        json.WriteString("mcp_call_id"u8, McpCallId);
    }
}
