using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The kind of a tool call. In JSON: <c>{"type":"exec_command"}</c>, an MCP tool with server and tool, another with its name.</summary>
[JsonConverter(typeof(ToolCallKindConverter))]
public sealed record ToolCallKind
{
    private ToolCallKind(ToolCallKindType type) => Type = type;

    /// <summary>The kind.</summary>
    public ToolCallKindType Type { get; }

    /// <summary>The MCP server's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Mcp"/>.</summary>
    public string? Server { get; private init; }

    /// <summary>The MCP tool's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Mcp"/>.</summary>
    public string? Tool { get; private init; }

    /// <summary>The tool's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Other"/>.</summary>
    public string? Name { get; private init; }

    /// <summary>A kind without members of its own.</summary>
    /// <exception cref="ArgumentException"><paramref name="type"/> needs members: use <see cref="ForMcp"/> or <see cref="ForOther"/>.</exception>
    public static ToolCallKind Of(ToolCallKindType type) => type is ToolCallKindType.Mcp or ToolCallKindType.Other
        ? throw new ArgumentException($"{type} needs a name", nameof(type))
        : new(type);

    /// <summary>A tool of an MCP server.</summary>
    public static ToolCallKind ForMcp(string server, string tool) => new(ToolCallKindType.Mcp) { Server = server, Tool = tool };

    /// <summary>Any other tool.</summary>
    public static ToolCallKind ForOther(string name) => new(ToolCallKindType.Other) { Name = name };
}
