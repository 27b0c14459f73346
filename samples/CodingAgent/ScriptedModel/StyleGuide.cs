using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RolloutTrace;

namespace CodingAgent.ScriptedModel;

/// <summary>An MCP server with one tool, which knows how the project's scripts are to be written. It keeps a log of its calls.</summary>
internal sealed class StyleGuide
{
    private readonly ConcurrentQueue<string?> log = new();

    /// <summary>The ids that callers gave their calls.</summary>
    public IReadOnlyList<string?> Log => [.. log];

    public async Task AnswerAsync(HttpContext context)
    {
        var message = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
        if (message["id"] is not { } id)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
        if (Result(message) is { } result)
        {
            answer["result"] = result;
        }
        else
        {
            answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "method not found" };
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers["Mcp-Session-Id"] = "style-1";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private JsonObject? Result(JsonObject message) => (string?)message["method"] switch
    {
        "initialize" => new()
        {
            ["protocolVersion"] = "2025-06-18",
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = "style", ["version"] = "1" },
        },
        "tools/list" => new() { ["tools"] = new JsonArray(Lookup()) },
        "tools/call" => Call(message["params"]!.AsObject()),
        _ => null,
    };

    private static JsonObject Lookup() => new()
    {
        ["name"] = "lookup",
        ["description"] = "How this project's files of a language are to be written.",
        ["inputSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["language"] = new JsonObject { ["type"] = "string" } },
            ["required"] = new JsonArray("language"),
        },
    };

    private JsonObject Call(JsonObject parameters)
    {
        log.Enqueue((string?)parameters["_meta"]?[RolloutAttributes.Mcp.CallId]);
        var isKnown = (string?)parameters["arguments"]?["language"] == "sh";
        var text = isKnown ? "Scripts are POSIX sh; one pipeline, no loops where a filter does." : "No rules for that language.";
        return new JsonObject
        {
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
            ["isError"] = !isKnown,
        };
    }
}
