using System.Text.Json.Nodes;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>A rollout that is recorded while one looks at it, step by step as the test says.</summary>
internal sealed class RecordingBeside : IDisposable
{
    private readonly bool isOwnRoot;
    private readonly string model;
    private readonly TracerProvider provider;
    private readonly AgentSession session;
    private readonly JsonArray input = [];
    private int requests;

    /// <param name="root">The directory for its bundle; without one it has its own.</param>
    /// <param name="model">What the model is called.</param>
    public RecordingBeside(string? root = null, string model = "m")
    {
        (isOwnRoot, this.model) = (root is null, model);
        Root = root ?? Directory.CreateTempSubdirectory("rollout-trace-beside-").FullName;
        provider = Sdk.CreateTracerProviderBuilder().AddRolloutTracing(options => options.BundleRoot = Root).Build();
        session = RolloutTracing.StartSession(new() { Model = model, ProviderName = "p" });
    }

    /// <summary>The directory that the bundle is in.</summary>
    public string Root { get; }

    /// <summary>The bundle's directory, as it lies below the root.</summary>
    public string Name => Path.GetFileName(Directory.GetDirectories(Root).ShouldHaveSingleItem());

    /// <summary>A turn with one request, in which the user says something and is answered.</summary>
    public void Say(string words)
    {
        input.Add(Message("user", "input_text", words));
        using var turn = session.StartTurn();
        using var request = turn.StartModelRequest(model, JsonPayload.OfJson(new JsonObject { ["input"] = input.DeepClone() }.ToJsonString()));
        var answer = Message("assistant", "output_text", $"So it is: {words}");
        request.Complete($"resp_{++requests}", new TokenUsage { InputTokens = 1200 * requests, CachedInputTokens = 1200 * (requests - 1), OutputTokens = 96 }, JsonPayload.OfJson(new JsonArray(answer.DeepClone()).ToJsonString()));
        input.Add(answer);
        turn.Complete();
        provider.ForceFlush();
    }

    public void End()
    {
        session.Complete();
        provider.ForceFlush();
    }

    public void Dispose()
    {
        session.Dispose();
        provider.Dispose();
        if (isOwnRoot)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static JsonObject Message(string role, string type, string text) =>
        new() { ["type"] = "message", ["role"] = role, ["content"] = new JsonArray(new JsonObject { ["type"] = type, ["text"] = text }) };
}
