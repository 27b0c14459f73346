using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.ModelSupport;

/// <summary>A Chat Completions server on loopback that answers as it is told, and keeps what it was asked.</summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly Func<ReceivedRequest, Answer> script;
    private int responses;

    private ScriptedModel(WebApplication server, Func<ReceivedRequest, Answer> script)
    {
        this.server = server;
        this.script = script;
    }

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Starts a server.</summary>
    /// <param name="script">What it answers; called for one request at a time or several.</param>
    public static async Task<ScriptedModel> StartAsync(Func<ReceivedRequest, Answer> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var model = new ScriptedModel(server, script);
        server.MapPost("/v1/chat/completions", model.AnswerAsync);
        await server.StartAsync();
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        model.Address = new Uri(address + "/v1");
        return model;
    }

    /// <summary>A server that gives answers in order, the last one again and again.</summary>
    public static Task<ScriptedModel> StartAsync(params Answer[] answers)
    {
        var next = -1;
        return StartAsync(_ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]);
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var received = new ReceivedRequest(body);
        Requests.Enqueue(received);
        var answer = script(received);
        var id = $"chatcmpl-{Interlocked.Increment(ref responses)}";
        if (answer.Status != 200)
        {
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsync("""{"error":{"message":"overloaded","type":"server_error","code":"overloaded"}}""");
        }
        else if (received.Streams)
        {
            await StreamAsync(context, id, answer);
        }
        else
        {
            if (answer.Gate is { } gate)
            {
                await gate.Task.WaitAsync(context.RequestAborted);
            }

            await context.Response.WriteAsync(answer.Whole(id).ToJsonString());
        }
    }

    private static async Task StreamAsync(HttpContext context, string id, Answer answer)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var chunk in answer.Chunks(id))
        {
            await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
            await context.Response.Body.FlushAsync();
            if (answer.Gate is { } gate)
            {
                await gate.Task.WaitAsync(context.RequestAborted);
            }
        }

        await context.Response.WriteAsync("data: [DONE]\n\n");
    }
}

/// <summary>A request as the server got it.</summary>
internal sealed record ReceivedRequest(JsonObject Body)
{
    public bool Streams => Body["stream"]?.GetValue<bool>() == true;

    public JsonArray Messages => Body["messages"]!.AsArray();

    /// <summary>Each message as role and text: what the model saw.</summary>
    public IReadOnlyList<string> Seen => [.. Messages.Select(message => $"{message!["role"]}: {TextOf(message)}")];

    public string LastUser => Messages.Where(m => (string?)m!["role"] == "user").Select(m => TextOf(m!)).LastOrDefault() ?? "";

    public bool HasToolResult => (string?)Messages[^1]!["role"] == "tool";

    private static string TextOf(JsonNode message) => message["tool_calls"] is JsonArray calls
        ? string.Join(" ", calls.Select(call => $"{call!["id"]} {call["function"]!["name"]} {call["function"]!["arguments"]}"))
        : message["content"] switch
        {
            JsonArray parts => string.Concat(parts.Select(part => (string?)part!["text"] ?? $"[{part["type"]}]")),
            JsonValue text => text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : text.ToJsonString(),
            _ => "",
        };
}

/// <summary>What the server answers.</summary>
internal sealed record Answer
{
    public int Status { get; init; } = 200;

    public string? Text { get; init; }

    public IReadOnlyList<(string Id, string Name, string Arguments)> Calls { get; init; } = [];

    /// <summary>What a whole answer, and each chunk of a stream but the first, waits for; null for nothing.</summary>
    public TaskCompletionSource? Gate { get; init; }

    public static Answer Says(string text) => new() { Text = text };

    public static Answer Asks(params (string Id, string Name, string Arguments)[] calls) => new() { Calls = calls };

    public static Answer Fails(int status) => new() { Status = status };

    public JsonObject Whole(string id) => new()
    {
        ["id"] = id,
        ["object"] = "chat.completion",
        ["created"] = 1_780_000_000,
        ["model"] = "scripted-2026",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = Message(),
            ["finish_reason"] = FinishReason,
        }),
        ["usage"] = Usage(),
    };

    public IEnumerable<JsonObject> Chunks(string id)
    {
        if (Text is not null)
        {
            foreach (var piece in Text.Split(' ').Select((word, i) => i == 0 ? word : " " + word))
            {
                yield return Chunk(id, new JsonObject { ["role"] = "assistant", ["content"] = piece });
            }
        }

        for (var i = 0; i < Calls.Count; i++)
        {
            yield return Chunk(id, new JsonObject { ["role"] = "assistant", ["tool_calls"] = new JsonArray(Call(i, withIndex: true)) });
        }

        yield return Chunk(id, [], FinishReason);
        var usage = Chunk(id, []);
        usage["choices"] = new JsonArray();
        usage["usage"] = Usage();
        yield return usage;
    }

    private string FinishReason => Calls.Count > 0 ? "tool_calls" : "stop";

    private JsonObject Message()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Text };
        if (Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. Enumerable.Range(0, Calls.Count).Select(i => Call(i, withIndex: false))]);
        }

        return message;
    }

    private JsonObject Call(int i, bool withIndex)
    {
        var call = new JsonObject
        {
            ["id"] = Calls[i].Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = Calls[i].Name, ["arguments"] = Calls[i].Arguments },
        };
        if (withIndex)
        {
            call["index"] = i;
        }

        return call;
    }

    private static JsonObject Chunk(string id, JsonObject delta, string? finishReason = null) => new()
    {
        ["id"] = id,
        ["object"] = "chat.completion.chunk",
        ["created"] = 1_780_000_000,
        ["model"] = "scripted-2026",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason }),
    };

    private static JsonObject Usage() => new()
    {
        ["prompt_tokens"] = 100,
        ["completion_tokens"] = 10,
        ["total_tokens"] = 110,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 40 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 4 },
    };
}
