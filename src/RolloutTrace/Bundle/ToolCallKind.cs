using System.Text.Json.Serialization;
using RolloutTrace.Arguments;

namespace RolloutTrace.Bundle;

/// <summary>The kind of a tool call. In JSON: <c>{"type":"exec_command"}</c>, an MCP tool with server and tool, another with its name.</summary>
[JsonConverter(typeof(ToolCallKindConverter))]
public sealed record ToolCallKind
{
    private ToolCallKind(ToolCallKindType type) => Type = type;

    /// <summary>Which kind it is; the other members belong to it.</summary>
    public ToolCallKindType Type { get; }

    /// <summary>The MCP server's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Mcp"/>.</summary>
    public string? Server { get; private init; }

    /// <summary>The MCP tool's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Mcp"/>.</summary>
    public string? Tool { get; private init; }

    /// <summary>The tool's name; null unless <see cref="Type"/> is <see cref="ToolCallKindType.Other"/>.</summary>
    public string? Name { get; private init; }

    /// <summary>A kind without members of its own.</summary>
    /// <remarks>
    /// It never throws, since the program that is observed calls it. A kind that needs members has <c>unknown</c> for them; better
    /// use <see cref="ForMcp"/> or <see cref="ForOther"/>. A value that is no kind is another tool of that name.
    /// </remarks>
    public static ToolCallKind Of(ToolCallKindType type) => type switch
    {
        ToolCallKindType.Mcp => ForMcp(EventText.Unknown, EventText.Unknown),
        ToolCallKindType.Other => ForOther(EventText.Unknown),
        _ when Enum.IsDefined(type) => new(type),
        _ => ForOther(type.ToString()),
    };

    /// <summary>A tool of an MCP server.</summary>
    public static ToolCallKind ForMcp(string server, string tool) =>
        new(ToolCallKindType.Mcp) { Server = server ?? EventText.Unknown, Tool = tool ?? EventText.Unknown };

    /// <summary>Any other tool.</summary>
    public static ToolCallKind ForOther(string name) => new(ToolCallKindType.Other) { Name = name ?? EventText.Unknown };

    /// <summary>The kind as an event has it.</summary>
    internal ToolCallKind Bounded() => Type switch
    {
        ToolCallKindType.Mcp => ForMcp(EventText.Name(Server), EventText.Name(Tool)),
        ToolCallKindType.Other => ForOther(EventText.Name(Name)),
        _ => this,
    };

    /// <summary>The member <c>kind</c> of a line in canonical form.</summary>
    internal static ToolCallKind Read(ref CanonicalJson json)
    {
        json.Literal(",\"kind\":{\"type\":"u8);
        var kind = json.Enum<ToolCallKindType>() switch
        {
            ToolCallKindType.Mcp => ForMcp(json.Text("server"u8), json.Text("tool"u8)),
            ToolCallKindType.Other => ForOther(json.Text("name"u8)),
            var plain => new(plain),
        };
        json.Literal("}"u8);
        return kind;
    }
}
