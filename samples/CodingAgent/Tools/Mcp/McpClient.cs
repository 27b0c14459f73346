using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace CodingAgent.Tools.Mcp;

/// <summary>A connection to an MCP server over HTTP. Safe for concurrent use.</summary>
internal sealed class McpClient : IDisposable
{
    private const string Version = "2025-06-18";
    private const string SessionHeader = "Mcp-Session-Id";

    private readonly HttpClient http = new();
    private readonly Uri address;
    private long lastId;

    private McpClient(Uri address) => this.address = address;

    /// <summary>The server's own name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The server's id of the connection; null if it has none.</summary>
    public string? SessionId { get; private set; }

    /// <summary>The server's tools, as it describes them.</summary>
    public IReadOnlyList<JsonObject> Tools { get; private set; } = [];

    /// <summary>Connects, and asks for the server's tools.</summary>
    public static async Task<McpClient> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var client = new McpClient(address);
        try
        {
            var server = await client.AskAsync(
                "initialize",
                new()
                {
                    ["protocolVersion"] = Version,
                    ["capabilities"] = new JsonObject(),
                    ["clientInfo"] = new JsonObject { ["name"] = "coding-agent", ["version"] = "0.1.0" },
                },
                cancellation);
            client.Name = (string?)server["serverInfo"]?["name"] ?? address.Host;
            using var answer = await client.PostAsync(new() { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" }, cancellation);
            var list = await client.AskAsync("tools/list", [], cancellation);
            client.Tools = [.. list["tools"]!.AsArray().Select(t => t!.AsObject())];
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Calls a tool. Returns the result as the protocol has it.</summary>
    /// <param name="tool">The server's name of the tool.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="meta">What goes along beside: by what the server's log, and what the server itself traces, can be joined to the call.</param>
    /// <param name="cancellation">The turn's.</param>
    /// <exception cref="ToolException">The server refuses the call.</exception>
    public Task<JsonObject> CallAsync(string tool, JsonNode? arguments, JsonObject meta, CancellationToken cancellation)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments };
        if (meta.Count > 0)
        {
            parameters["_meta"] = meta;
        }

        return AskAsync("tools/call", parameters, cancellation);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonObject> AskAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        using var answer = await PostAsync(new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }, cancellation);
        SessionId ??= answer.Headers.TryGetValues(SessionHeader, out var values) ? values.First() : null;
        var message = await ReadAsync(answer.Content, id, cancellation);
        return message["result"] as JsonObject ?? throw new ToolException($"{address} says to {method}: {message["error"]?["message"]}");
    }

    private async Task<HttpResponseMessage> PostAsync(JsonObject message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(message) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (SessionId is not null)
        {
            request.Headers.Add(SessionHeader, SessionId);
            request.Headers.Add("MCP-Protocol-Version", Version);
        }

        return (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>The answer with the id, alone or in a stream of messages.</summary>
    private static async Task<JsonObject> ReadAsync(HttpContent content, long id, CancellationToken cancellation)
    {
        var stream = await content.ReadAsStreamAsync(cancellation);
        if (content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return (await JsonNode.ParseAsync(stream, cancellationToken: cancellation))!.AsObject();
        }

        await foreach (var update in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (JsonNode.Parse(update.Data) is JsonObject message && message["id"] is JsonValue value && value.TryGetValue<long>(out var answered) && answered == id)
            {
                return message;
            }
        }

        throw new ToolException("The server's stream ended without an answer.");
    }
}
