using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatApp.ScriptedModel;

/// <summary>A model server on loopback that speaks Chat Completions with server-sent events. What it answers depends on what it is sent.</summary>
internal sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private int answers;

    private ScriptedModelServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.MapPost("/v1/chat/completions", AnswerAsync);
    }

    public Uri Address { get; private set; } = null!;

    public static async Task<ScriptedModelServer> StartAsync()
    {
        var server = new ScriptedModelServer();
        await server.application.StartAsync();
        server.Address = new Uri(server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
        var answer = Script.Answer(request);
        var id = $"chatcmpl-{Interlocked.Increment(ref answers)}";
        if ((bool?)request["stream"] != true)
        {
            await context.Response.WriteAsync(answer.Whole(id).ToJsonString(), context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var chunk in answer.Chunks(id))
        {
            await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }
}
