using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.Integration.Tests.Wire;

/// <summary>A server on loopback that answers each request with the next of its answers, and keeps what it was sent.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly Queue<string> answers;

    private ScriptedApi(WebApplication application, IEnumerable<string> answers)
    {
        this.application = application;
        this.answers = new Queue<string>(answers);
    }

    /// <summary>The bodies of the requests, in order.</summary>
    public List<string> Requests { get; } = [];

    public Uri Address => new(application.Urls.Single());

    public static async Task<ScriptedApi> StartAsync(params string[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        var api = new ScriptedApi(application, answers);
        application.MapPost("/{**path}", api.Answer);
        await application.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Add(await reader.ReadToEndAsync());
        var answer = answers.Dequeue();
        context.Response.ContentType = answer.StartsWith('{') ? "application/json" : "text/event-stream";
        await context.Response.WriteAsync(answer);
    }
}
