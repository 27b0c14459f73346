using System.Text.Json.Nodes;
using CodingAgent.Agents;
using CodingAgent.Narration;
using Microsoft.AspNetCore.Http;
using RolloutTrace;
using RolloutTrace.Bundle;

namespace CodingAgent.Helpers;

/// <summary>An MCP server with one tool, which asks an agent. The agent has one conversation, which begins with the first call.</summary>
internal sealed class HelperStation(AgentSettings settings) : IAsyncDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);
    private AgentTeam? team;

    public async Task AnswerAsync(HttpContext context)
    {
        var message = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
        if (message["id"] is not { } id)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
        if (await ResultAsync(message, context.RequestAborted) is { } result)
        {
            answer["result"] = result;
        }
        else
        {
            answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "method not found" };
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        if (team is not null)
        {
            await team.DisposeAsync();
        }

        oneAtATime.Dispose();
    }

    private async Task<JsonObject?> ResultAsync(JsonObject message, CancellationToken cancellation) => (string?)message["method"] switch
    {
        "initialize" => new()
        {
            ["protocolVersion"] = "2025-06-18",
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = HelperProgram.Name, ["version"] = "1" },
        },
        "tools/list" => new()
        {
            ["tools"] = new JsonArray(new JsonObject
            {
                ["name"] = "ask",
                ["description"] = "Asks a helper, another agent with a model of its own. It sees the workspace, but not your conversation, and remembers what it was asked before.",
                ["inputSchema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["message"] = new JsonObject { ["type"] = "string" } },
                    ["required"] = new JsonArray("message"),
                },
            }),
        },
        "tools/call" => await CallAsync(message["params"]!.AsObject(), cancellation),
        _ => null,
    };

    // The caller's trace context stands in the request's _meta, by which this call is found in the caller's bundle.
    private async Task<JsonObject> CallAsync(JsonObject parameters, CancellationToken cancellation)
    {
        var caller = parameters["_meta"] is JsonObject meta ? RolloutCaller.Extract(meta, static (fields, name) => (string?)fields[name]) : null;
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            var isFirst = team is null;
            team ??= new AgentTeam(settings with { Caller = caller }, [], new Narrator(TextWriter.Null, colours: false));
            var result = await team.Root.RunTurnAsync((string?)parameters["arguments"]?["message"] ?? "", cancellation, isFirst ? null : caller);
            return new JsonObject
            {
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = result.Text }),
                ["isError"] = result.Status != ExecutionStatus.Completed,
            };
        }
        finally
        {
            oneAtATime.Release();
        }
    }
}
