using System.Net;
using CodingAgent.Agents;
using CodingAgent.Model;
using CodingAgent.Narration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using RolloutTrace.Bundle;

namespace CodingAgent.Helpers;

/// <summary>What this program does as a helper.</summary>
internal static class HelperProgram
{
    public const string Name = "helper";

    public static Task<int> RunAsync(string kind)
    {
        var settings = new AgentSettings
        {
            Endpoint = ModelEndpoint.FromEnvironment(Environment.GetEnvironmentVariable) ?? throw new InvalidOperationException("a helper has no model of its own"),
            Workspace = Environment.GetEnvironmentVariable(HelperCommand.WorkspaceVariable) ?? Environment.CurrentDirectory,
            Nickname = Name,
        };
        return kind == HelperCommand.ByMcp ? ServeAsync(settings) : AnswerAsync(settings);
    }

    // Who calls stands in the environment, where the caller's PassTo has put it.
    private static async Task<int> AnswerAsync(AgentSettings settings)
    {
        await using var team = new AgentTeam(settings, [], new Narrator(TextWriter.Null, colours: false));
        var result = await team.Root.RunTurnAsync(await Console.In.ReadToEndAsync(), CancellationToken.None);
        await Console.Out.WriteAsync(result.Text);
        return result.Status == ExecutionStatus.Completed ? 0 : 1;
    }

    private static async Task<int> ServeAsync(AgentSettings settings)
    {
        await using var station = new HelperStation(settings);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        await using var application = builder.Build();
        application.Run(station.AnswerAsync);
        await application.StartAsync();
        Console.WriteLine(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        // Its caller closes this.
        await Console.In.ReadToEndAsync();
        await application.StopAsync();
        return 0;
    }
}
