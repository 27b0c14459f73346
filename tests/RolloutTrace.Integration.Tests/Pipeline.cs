using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.Integration.Tests;

/// <summary>
/// A tracer provider as a program has it, with the recorder in it. All providers of a process see all rollouts: this one records
/// and keeps those that were started through it.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"rollout-trace-integration-{Guid.NewGuid():N}");
    private readonly string threadId = Guid.CreateVersion7().ToString();
    private readonly SpanCollector collector = new();
    private readonly TracerProvider provider;
    private bool isOver;

    public Pipeline(Action<TracerProviderBuilder>? configure = null)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(threadId, options =>
            {
                options.BundleRoot = root;
                options.Filter = rollout => rollout.RootThreadId == threadId;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
            })
            .AddProcessor(collector);
        configure?.Invoke(builder);
        provider = builder.Build();
    }

    /// <summary>All spans that have ended, of this and of other rollouts, and of other sources.</summary>
    public IReadOnlyList<Activity> AllSpans => collector.Ended;

    /// <summary>The rollout's spans that have ended.</summary>
    public IReadOnlyList<Activity> Spans => [.. AllSpans.Where(span => Equals(span.GetTagItem(RolloutAttributes.Id), threadId))];

    /// <summary>The rollout's bundle.</summary>
    public string Bundle => Directory.GetDirectories(root).ShouldHaveSingleItem();

    public AgentSession StartSession(AgentSessionOptions options = default) => RolloutTracing.StartSession(options with { ThreadId = threadId });

    /// <summary>Ends the program's pipeline: everything is written and sent.</summary>
    /// <remarks>Disposing of a provider gives its processors five seconds together, which a busy machine may need for one of them.</remarks>
    public void ShutDown()
    {
        if (!isOver)
        {
            isOver = true;
            provider.ForceFlush().ShouldBeTrue();
            provider.Dispose();
        }
    }

    public void Dispose()
    {
        ShutDown();
        Directory.Delete(root, recursive: true);
    }

    private sealed class SpanCollector : BaseProcessor<Activity>
    {
        private readonly Lock sync = new();
        private readonly List<Activity> ended = [];

        public IReadOnlyList<Activity> Ended
        {
            get
            {
                lock (sync)
                {
                    return [.. ended];
                }
            }
        }

        public override void OnEnd(Activity data)
        {
            lock (sync)
            {
                ended.Add(data);
            }
        }
    }
}
