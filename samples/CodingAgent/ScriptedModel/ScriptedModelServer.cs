using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CodingAgent.ScriptedModel;

/// <summary>
/// A model server on loopback that speaks the Responses API with server-sent events and knows one task. What it answers
/// depends on the conversation that it is sent, as with a real one; it remembers responses, and which answers it has refused.
/// </summary>
internal sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, IReadOnlyList<JsonObject>> responses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> refused = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceivedRequest> received = new();

    private ScriptedModelServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        application = builder.Build();
        application.Run(context => context.Request.Path == "/mcp" ? StyleGuide.AnswerAsync(context) : AnswerAsync(context));
    }

    /// <summary>Base address of the Responses API. The MCP server is beside it, under /mcp.</summary>
    public Uri Address { get; private set; } = null!;

    public StyleGuide StyleGuide { get; } = new();

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Received => [.. received];

    public static async Task<ScriptedModelServer> StartAsync()
    {
        var server = new ScriptedModelServer();
        await server.application.StartAsync();
        var addresses = server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        server.Address = new Uri($"{addresses!.Addresses.Single()}/v1");
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/v1/responses" || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = JsonNode.Parse(body.ToArray())!.AsObject();
        if (Conversation(request) is not { } conversation)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request_error", "Previous response not found.");
            return;
        }

        var answer = Script.For(conversation).Next(conversation);
        received.Enqueue(new ReceivedRequest(body.ToArray(), request, conversation, answer));
        if (answer.FailsFirst && refused.TryAdd(answer.Name, true))
        {
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "server_error", "The server had an error while processing your request.");
            return;
        }

        await StreamAsync(context, request, conversation, answer);
    }

    /// <summary>What the model sees: the input, after what it builds on. Null if that is unknown.</summary>
    private Conversation? Conversation(JsonObject request)
    {
        var items = request["input"]!.AsArray().Select(i => i!.AsObject());
        if ((string?)request["previous_response_id"] is { } previous)
        {
            if (!responses.TryGetValue(previous, out var before))
            {
                return null;
            }

            items = before.Concat(items);
        }

        var tools = (request["tools"] as JsonArray ?? []).Select(static tool => (string?)tool?["name"]).OfType<string>();
        return new Conversation((string?)request["instructions"] ?? "", [.. items], [.. tools]);
    }

    private async Task StreamAsync(HttpContext context, JsonObject request, Conversation conversation, Answer answer)
    {
        var input = ScriptedModel.Conversation.Tokens(conversation.Items);
        var fresh = ScriptedModel.Conversation.Tokens(request["input"]!.AsArray().OfType<JsonObject>());
        var stream = new AnswerStream(answer, (string)request["model"]!, input, request.ContainsKey("previous_response_id") ? input - fresh : 0);

        // Before the last event is out: the client may build on it at once.
        responses[stream.ResponseId] = [.. conversation.Items, .. answer.Items];
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["x-request-id"] = $"req_{answer.Name}";
        foreach (var update in stream.Events())
        {
            await context.Response.WriteAsync($"event: {(string)update["type"]!}\ndata: {update.ToJsonString()}\n\n", Encoding.UTF8, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        if (answer.Stalls)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var error = new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = null } };
        await context.Response.WriteAsync(error.ToJsonString(), context.RequestAborted);
    }
}
