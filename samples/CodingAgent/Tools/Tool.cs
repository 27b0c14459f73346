using System.Text.Json.Nodes;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools;

/// <summary>A tool of one agent.</summary>
internal abstract class Tool
{
    public abstract string Name { get; }

    /// <summary>The tool as the model is told of it.</summary>
    public abstract ResponseTool Definition { get; }

    /// <summary>The code cell that a call would wait for, if the tool is one that waits.</summary>
    public virtual CodeCell? WaitsFor(ToolArguments arguments) => null;

    /// <summary>The MCP server whose tool it is, and its name there; null if it is none.</summary>
    public virtual (string Server, string Tool)? Mcp => null;

    /// <summary>Does what it says. What it throws is told to the caller.</summary>
    /// <param name="call">The trace of the call, for how it is carried out.</param>
    /// <param name="arguments">What it was called with.</param>
    /// <param name="cancellation">The turn's.</param>
    public abstract Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation);

    /// <summary>A function with the given parameters, which are all required but those in <paramref name="optional"/>.</summary>
    protected static ResponseTool Function(string name, string description, JsonObject parameters, params IReadOnlyCollection<string> optional)
    {
        var required = parameters.Select(p => p.Key).Where(p => !optional.Contains(p)).Select(p => (JsonNode)p);
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = parameters,
            ["required"] = new JsonArray([.. required]),
            ["additionalProperties"] = false,
        };
        return ResponseTool.CreateFunctionTool(name, BinaryData.FromString(schema.ToJsonString()), strictModeEnabled: false, description);
    }

    protected static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    protected static JsonObject Number(string description) => new() { ["type"] = "integer", ["description"] = description };

    protected static JsonObject Flag(string description) => new() { ["type"] = "boolean", ["description"] = description };
}
