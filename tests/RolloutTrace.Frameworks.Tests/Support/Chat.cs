using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>Clients as an application has them.</summary>
internal static class Chat
{
    public const string Source = "Experimental.Microsoft.Extensions.AI";

    /// <summary>The provider's client, without anything around it.</summary>
    public static IChatClient Bare(ScriptedModel model) => Client(model).GetChatClient("scripted").AsIChatClient();

    /// <summary>Function invocation around OpenTelemetry around the provider's client, as the documentation has it.</summary>
    public static IChatClient Client(ScriptedModel model, bool content, string? source = null) => Bare(model).AsBuilder()
        .UseFunctionInvocation()
        .UseOpenTelemetry(sourceName: source, configure: telemetry => telemetry.EnableSensitiveData = content)
        .Build();

    public static OpenAIClient Client(ScriptedModel model) => new(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = model.Address, RetryPolicy = new ClientRetryPolicy(maxRetries: 2) });

    public static ChatOptions Options() => new() { Instructions = "Be brief.", Temperature = 0.5f, Tools = [Weather, Time, Boom] };

    private static AIFunction Weather { get; } = AIFunctionFactory.Create((string city) => $"rain in {city}", "weather", "Weather in a city");

    private static AIFunction Time { get; } = AIFunctionFactory.Create((string zone) => new { zone, time = "12:00" }, "time", "Time in a zone");

    private static AIFunction Boom { get; } = AIFunctionFactory.Create(string (string why) => throw new InvalidOperationException($"broke: {why}"), "boom", "Fails");
}
