using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Mcp;

/// <summary>A tool of an MCP server.</summary>
internal sealed partial class McpServerTool : Tool
{
    private readonly McpClient client;
    private readonly string tool;

    /// <param name="client">The connection to the server.</param>
    /// <param name="description">The tool as the server describes it.</param>
    public McpServerTool(McpClient client, JsonObject description)
    {
        this.client = client;
        tool = (string)description["name"]!;
        Name = OtherCharacters().Replace($"{client.Name}__{tool}", "_");
        var schema = description["inputSchema"]?.ToJsonString() ?? """{"type":"object"}""";
        Definition = ResponseTool.CreateFunctionTool(Name, BinaryData.FromString(schema), strictModeEnabled: false, (string?)description["description"] ?? "");
    }

    public override string Name { get; }

    public override ResponseTool Definition { get; }

    public override (string Server, string Tool)? Mcp => (client.Name, tool);

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var meta = new JsonObject();
        if (call.AssignMcpCallId("tools/call", client.SessionId) is { } callId)
        {
            meta[RolloutAttributes.Mcp.CallId] = callId;
        }

        using var mcp = call.StartMcpCall(JsonPayload.OfJson(arguments.Input));
        mcp.Inject(meta, static (fields, name, value) => fields[name] = value);
        try
        {
            var result = await client.CallAsync(tool, JsonNode.Parse(arguments.Input), meta, cancellation);
            mcp.Complete(result);
            var text = string.Join('\n', (result["content"] as JsonArray ?? []).Select(c => (string?)c?["text"]).OfType<string>());
            return (bool?)result["isError"] == true ? throw new ToolException(text) : new ToolOutput(text, result.DeepClone());
        }
        catch (OperationCanceledException)
        {
            mcp.Cancel("interrupted");
            throw;
        }
        catch (Exception e)
        {
            // Does nothing where the server has answered, be it with an error of the tool.
            mcp.Fail(e);
            throw;
        }
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherCharacters();
}
