using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.AgentStation;

/// <summary>Agents that others call: as an MCP server, or a service. Below one there may be others, which it calls as MCP servers.</summary>
internal static class Stations
{
    public const string Path = "/ask";

    /// <summary>An MCP server on standard input and output.</summary>
    public static async Task<int> ServeMcpAsync(int below)
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddRolloutTracing().Build();
        await using var next = await NextAsync(below);
        using var agent = new StationAgent($"station {below}");
        var tool = await ToolAsync(next, () => provider);
        await using var server = McpServer.Create(new StdioServerTransport("station"), new McpServerOptions
        {
            ServerInfo = new Implementation { Name = $"station-{below}", Version = "1.0" },
            ToolCollection = [AskTool(agent, tool)],
        });
        await server.RunAsync();
        return 0;
    }

    /// <summary>An MCP server over HTTP, until its standard input ends.</summary>
    public static Task<int> ServeMcpOverHttpAsync(int below) => ServeAsync(
        below,
        static (services, agent, tool) => services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "station", Version = "1.0" }).WithHttpTransport().WithTools([AskTool(agent, tool())]),
        static (app, _, _) => app.MapMcp());

    /// <summary>A service: a question is posted, and the answer comes back as text.</summary>
    public static Task<int> ServeHttpAsync(int below) => ServeAsync(
        below,
        static (_, _, _) => { },
        static (app, agent, tool) => app.MapPost(Path, async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await agent.AskAsync(await reader.ReadToEndAsync(), tool()));
        }));

    /// <summary>Starts a station below this one, as an MCP server on standard input and output.</summary>
    public static Task<McpClient> StartMcpAsync(int below) => McpClient.CreateAsync(new StdioClientTransport(new()
    {
        Name = "station",
        Command = "dotnet",
        Arguments = ["exec", typeof(Stations).Assembly.Location, "mcp", below.ToString(System.Globalization.CultureInfo.InvariantCulture)],
        ShutdownTimeout = TimeSpan.FromMinutes(1),
    }));

    private static async Task<int> ServeAsync(
        int below, Action<IServiceCollection, StationAgent, Func<AITool>> add, Action<WebApplication, StationAgent, Func<AITool>> map)
    {
        await using var next = await NextAsync(below);
        using var agent = new StationAgent($"station {below}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        builder.Services.AddOpenTelemetry().WithTracing(static tracing => tracing.AddRolloutTracing());
        WebApplication? app = null;
        var tool = await ToolAsync(next, () => app!.Services.GetRequiredService<TracerProvider>());
        add(builder.Services, agent, () => tool);
        await using var built = app = builder.Build();
        map(app, agent, () => tool);
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    private static McpServerTool AskTool(StationAgent agent, AITool tool) =>
        McpServerTool.Create((string question) => agent.AskAsync(question, tool), new() { Name = "ask", Description = "Asks the station's agent." });

    private static async Task<McpClient?> NextAsync(int below) => below == 0 ? null : await StartMcpAsync(below - 1);

    private static async Task<AITool> ToolAsync(McpClient? next, Func<TracerProvider> provider) =>
        next is null ? StationAgent.Look(provider) : (await next.ListToolsAsync()).Single();
}
