using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

/// <summary>A library that makes spans by the conventions and knows nothing of us, and a pipeline that has a recorder. Its source is its own.</summary>
internal sealed class ForeignAgent : IDisposable
{
    // Our source is the process's: of its spans those of a test's own flow are its own.
    private static readonly AsyncLocal<ForeignAgent?> Current = new();

    private readonly ActivitySource source = new($"Foreign.{Guid.NewGuid():N}");
    private readonly ActivitySource network = new($"Network.{Guid.NewGuid():N}");
    private readonly Lazy<RecorderFixture> fixture;

    public ForeignAgent(Action<RolloutTracingOptions>? configure = null, Action<OpenTelemetry.Trace.TracerProviderBuilder>? pipeline = null)
    {
        Current.Value = this;
        fixture = new Lazy<RecorderFixture>(() => new RecorderFixture(
            options =>
            {
                options.GenAISpans.Sources.Add(source.Name);
                options.SpanFilter = activity => activity.Source == source || activity.Source == network || (activity.Source.Name == RolloutActivitySource.Name && Current.Value == this);
                options.Filter = IsMine;
                configure?.Invoke(options);
            },
            provider =>
            {
                OpenTelemetry.Trace.TracerProviderBuilderExtensions.SetSampler(provider.AddSource(network.Name), new OpenTelemetry.Trace.AlwaysOnSampler());
                pipeline?.Invoke(provider);
            }));
        _ = fixture.Value;
    }

    public RecorderFixture Recorder => fixture.Value;

    public string SourceName => source.Name;

    public ActivitySource Source => source;

    public Activity Agent(string name, params (string Name, object? Value)[] tags) => Start($"invoke_agent {name}", [("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", name), .. tags]);

    public Activity Chat(string? question, params (string Name, object? Value)[] tags) => Start(
        "chat gpt-5",
        [
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.provider.name", "openai"),
            .. question is null ? [] : (ReadOnlySpan<(string, object?)>)[("gen_ai.input.messages", Message("user", question))],
            .. tags,
        ]);

    public Activity Tool(string name, string callId, params (string Name, object? Value)[] tags) => Start(
        $"execute_tool {name}", [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", name), ("gen_ai.tool.call.id", callId), ("gen_ai.tool.call.arguments", "{}"), .. tags]);

    /// <summary>What a client sends, below what is current.</summary>
    public Activity Send() => network.StartActivity("POST", ActivityKind.Client).ShouldNotBeNull();

    /// <summary>As frameworks do: attributes come after the start.</summary>
    public Activity Start(string name, params (string Name, object? Value)[] tags)
    {
        var activity = source.StartActivity(name).ShouldNotBeNull();
        foreach (var (tag, value) in tags)
        {
            activity.SetTag(tag, value);
        }

        return activity;
    }

    public static string Message(string role, string text) => new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
    {
        ["role"] = role,
        ["parts"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "text", ["content"] = text }),
    }).ToJsonString();

    /// <summary>Ends the pipeline and reduces the one bundle, which must be sound.</summary>
    public RolloutGraph Reduce()
    {
        Recorder.Provider.Dispose();
        return RecorderFixture.Reduce(Recorder.Bundle);
    }

    public void Dispose()
    {
        Recorder.Dispose();
        source.Dispose();
        network.Dispose();
    }

    // Handles of tests that run beside this one are not its own, and spans of others are told apart before.
    private bool IsMine(Rollout rollout) => Guid.TryParse(rollout.RootThreadId, out var id) && (id.Version == 8 || fixture.Value.Owns(rollout));
}
