using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.ModelSupport;

/// <summary>
/// A tracing pipeline with a recorder, and the real client of a scripted model. All providers of a process see all rollouts, so each
/// application records just those that start in its own flow.
/// </summary>
internal sealed class TracedApplication : IAsyncDisposable
{
    private static readonly AsyncLocal<TracedApplication?> Current = new();
    private static int count;

    private readonly TracerProvider provider;
    private readonly string root = Path.Combine(Path.GetTempPath(), $"rollout-trace-tests-{Guid.NewGuid():N}");

    public TracedApplication(ScriptedModel model, Action<TracerProviderBuilder>? pipeline = null)
    {
        Model = model;
        ModelName = $"scripted-{Interlocked.Increment(ref count)}";
        var builder = Sdk.CreateTracerProviderBuilder();
        pipeline?.Invoke(builder);
        provider = builder
            .AddRolloutTracing(Guid.NewGuid().ToString("N"), options =>
            {
                options.BundleRoot = root;
                options.Filter = rollout => IsOfSpans(rollout) || ReferenceEquals(Current.Value, this);
                options.SpanFilter = IsOwn;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
                options.ExitTimeout = Timeout.InfiniteTimeSpan;
            })
            .Build();
        Current.Value = this;
    }

    public ScriptedModel Model { get; }

    /// <summary>The model that is asked, another in each application: so none finds the conversations of another.</summary>
    public string ModelName { get; }

    /// <summary>Makes a client.</summary>
    /// <param name="pipeline">What stands before the model's client.</param>
    /// <param name="retries">How often the model's client asks again.</param>
    /// <param name="wire">Changes how the model's client sends.</param>
    public IChatClient Client(Action<ChatClientBuilder> pipeline, int retries = 0, Action<OpenAIClientOptions>? wire = null)
    {
        var options = new OpenAIClientOptions { Endpoint = Model.Address, RetryPolicy = new ClientRetryPolicy(retries) };
        wire?.Invoke(options);
        var builder = new OpenAIClient(new ApiKeyCredential("none"), options).GetChatClient(ModelName).AsIChatClient().AsBuilder();
        pipeline(builder);
        return builder.Build();
    }

    // Those are told apart span by span, and begin where spans are read.
    private static bool IsOfSpans(Rollout rollout) => Guid.TryParse(rollout.RootThreadId, out var id) && id.Version == 8;

    // What other tests run when this one ends is not its own. A span may stop in a flow that has forgotten where it started.
    private bool IsOwn(Activity span)
    {
        if (ReferenceEquals(Current.Value, this))
        {
            span.SetCustomProperty(nameof(TracedApplication), this);
        }

        return ReferenceEquals(span.GetCustomProperty(nameof(TracedApplication)), this);
    }

    /// <summary>Ends recording; the bundles as they are then, in the order in which they began.</summary>
    public IReadOnlyList<OpenRollout> Bundles()
    {
        provider.Dispose();
        return !Directory.Exists(root) ? [] : [.. Directory.GetDirectories(root).Order(StringComparer.Ordinal).Select(directory => OpenRollout.Open(BundleReader.Open(directory)))];
    }

    /// <summary>The one bundle as it is on disk now, while the program goes on: what a killed process would leave.</summary>
    public OpenRollout BundleSoFar()
    {
        provider.ForceFlush().ShouldBeTrue();
        return OpenRollout.Open(BundleReader.Open(Directory.GetDirectories(root).ShouldHaveSingleItem()));
    }

    /// <summary>Ends recording; the one bundle that there is.</summary>
    public OpenRollout Bundle() => Bundles().ShouldHaveSingleItem();

    public async ValueTask DisposeAsync()
    {
        provider.Dispose();
        await Model.DisposeAsync();
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
