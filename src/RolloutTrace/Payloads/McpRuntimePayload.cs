using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>How an MCP call begins; how it ends is the same and more, which is null until then and left out.</summary>
internal sealed record McpRuntimePayload
{
    public required string CallId { get; init; }

    public required McpInvocation Invocation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ElapsedTime? Duration { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public McpResult? Result { get; init; }
}

/// <summary>What an MCP server is asked for.</summary>
internal sealed record McpInvocation(string Server, string Tool, JsonPayload Arguments);

/// <summary>What an MCP server gave, or why it gave nothing: one of the members is there.</summary>
internal sealed record McpResult
{
    [JsonPropertyName("Ok")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonPayload? Ok { get; init; }

    [JsonPropertyName("Err")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Err { get; init; }
}
