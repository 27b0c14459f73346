namespace RolloutTrace.Payloads;

/// <summary>The document <c>tool_invocation</c>.</summary>
internal sealed record ToolInvocationPayload
{
    public required string ToolName { get; init; }

    public string? ToolNamespace { get; init; }

    public required ToolInput Payload { get; init; }
}
