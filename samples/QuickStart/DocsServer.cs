using System.Text.Json.Nodes;

namespace QuickStart;

/// <summary>Stands for an MCP server, which would write the call's id from <c>_meta</c> into its own log.</summary>
internal static class DocsServer
{
    public static JsonObject Search(string query, string? callId) => new()
    {
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = $"About {query}: greet people by name." }),
        ["_meta"] = new JsonObject { [RolloutTrace.RolloutAttributes.Mcp.CallId] = callId },
    };
}
