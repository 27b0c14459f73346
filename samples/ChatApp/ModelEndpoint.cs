using System.ClientModel;
using ChatApp.ScriptedModel;
using Microsoft.Extensions.AI;
using OpenAI;

namespace ChatApp;

/// <summary>Where the model is: what the environment says, or a script on loopback.</summary>
internal sealed class ModelEndpoint : IAsyncDisposable
{
    private readonly ScriptedModelServer? script;
    private readonly Uri? address;
    private readonly string key;
    private readonly string name;

    private ModelEndpoint(ScriptedModelServer? script, Uri? address, string key, string name)
    {
        this.script = script;
        this.address = address;
        this.key = key;
        this.name = name;
    }

    public string Description => script is null ? $"The model is {name}." : $"The model is a script behind {address}. With OPENAI_API_KEY it would be a real one.";

    public static async Task<ModelEndpoint> StartAsync(Func<string, string?> variable)
    {
        if (variable("OPENAI_API_KEY") is { Length: > 0 } key)
        {
            var address = variable("OPENAI_BASE_URL") is { Length: > 0 } url ? new Uri(url) : null;
            return new ModelEndpoint(script: null, address, key, variable("OPENAI_MODEL") is { Length: > 0 } model ? model : "gpt-5-mini");
        }

        var server = await ScriptedModelServer.StartAsync();
        return new ModelEndpoint(server, server.Address, key: "none", "scripted");
    }

    public IChatClient CreateClient() =>
        new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = address }).GetChatClient(name).AsIChatClient();

    public ValueTask DisposeAsync() => script?.DisposeAsync() ?? default;
}
