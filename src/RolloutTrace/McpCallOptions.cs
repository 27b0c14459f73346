namespace RolloutTrace;

/// <summary>Where a call to an MCP server goes. All members are optional.</summary>
public readonly struct McpCallOptions
{
    /// <summary>Name of the server; by default what the tool call was dispatched with.</summary>
    public string? Server { get; init; }

    /// <summary>Name of the tool at the server; by default what the tool call was dispatched with.</summary>
    public string? Tool { get; init; }
}
