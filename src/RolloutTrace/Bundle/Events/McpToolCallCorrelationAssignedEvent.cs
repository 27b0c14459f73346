namespace RolloutTrace.Bundle;

/// <summary>A tool call got the id that joins it to an MCP server's log. In JSON: <c>mcp_tool_call_correlation_assigned</c>.</summary>
public sealed record McpToolCallCorrelationAssignedEvent : RawEventPayload
{
    /// <summary>The call.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>The id, a UUID, sent along in the request's <c>_meta</c>.</summary>
    public required string McpCallId { get; init; }
}
