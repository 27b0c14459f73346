using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RolloutTrace.Integration.Tests;

/// <summary>A web application on the loopback address that hosts an agent: a request for a turn is answered by one.</summary>
internal sealed class AgentApplication : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Pipeline pipeline;
    private readonly List<Activity> requests = [];
    private AgentSession? session;

    private AgentApplication(WebApplication app, Pipeline pipeline)
    {
        this.app = app;
        this.pipeline = pipeline;
    }

    /// <summary>The spans of the requests, in their order.</summary>
    public IReadOnlyList<Activity> Requests => requests;

    public static async Task<AgentApplication> StartAsync(Pipeline pipeline)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        var application = new AgentApplication(builder.Build(), pipeline);
        application.app.Run(application.AnswerAsync);
        await application.app.StartAsync();
        return application;
    }

    /// <summary>Sends a request and gives what the application answers: the id of the span that is current when the agent is done.</summary>
    public async Task<string> PostAsync(string path, string? traceParent = null)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address + path);
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var response = await client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        requests.Add(Activity.Current.ShouldNotBeNull());
        switch (context.Request.Path)
        {
            case "/sessions":
                session = pipeline.StartSession(new() { Model = "gpt-5", ProviderName = "openai" });
                break;
            case "/turns":
                await TakeTurnAsync(session!);
                break;
            case "/end":
                session!.Complete();
                break;
        }

        await context.Response.WriteAsync(Activity.Current.ShouldNotBeNull().SpanId.ToHexString());
    }

    private static async Task TakeTurnAsync(AgentSession session)
    {
        using var turn = session.StartTurn();
        await Task.Yield();
        using var request = turn.StartModelRequest(null, JsonPayload.OfJson("""{"input":[]}"""));
        await Task.Yield();
        request.Complete("resp", null, JsonPayload.OfJson("[]"));
        turn.Complete();
    }
}
