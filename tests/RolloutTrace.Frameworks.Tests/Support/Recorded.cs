using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>A pipeline with the one line in it, and the bundles that it left.</summary>
internal sealed class Recorded : IDisposable
{
    // Sources are the process's, and tests run beside each other: what happens in a test's own flow is its own.
    private static readonly AsyncLocal<Recorded?> Current = new();

    private readonly DirectoryInfo root = MemoryDirectory.CreateSubdirectory("frameworks-");
    private readonly TracerProvider provider;

    public Recorded(Action<RolloutTracingOptions>? configure = null, Action<TracerProviderBuilder>? before = null, Action<TracerProviderBuilder>? after = null)
    {
        Current.Value = this;
        var builder = Sdk.CreateTracerProviderBuilder();
        builder.AddProcessor(new BackEnd(this, Before));
        before?.Invoke(builder);
        builder.AddRolloutTracing(options =>
        {
            options.BundleRoot = root.FullName;
            options.SpanFilter = _ => Current.Value == this;
            configure?.Invoke(options);
        });
        after?.Invoke(builder);
        builder.AddProcessor(new BackEnd(this, Exported));
        provider = builder.Build();
    }

    /// <summary>What a back end got whose exporter was added after the one line.</summary>
    public ConcurrentQueue<ExportedSpan> Exported { get; } = new();

    /// <summary>What a back end got whose exporter was added before it.</summary>
    public ConcurrentQueue<ExportedSpan> Before { get; } = new();

    /// <summary>Ends the pipeline, and gives what was recorded, in the order in which it started.</summary>
    public IReadOnlyList<OpenRollout> Rollouts()
    {
        provider.Dispose();
        return [.. Bundles().Select(bundle => OpenRollout.Open(BundleReader.Open(bundle)))];
    }

    public IReadOnlyList<string> Bundles()
    {
        provider.Dispose();
        return [.. root.EnumerateDirectories("trace-*").Select(d => d.FullName).OrderBy(bundle => BundleReader.Open(bundle).Manifest.StartedAtUnixMs).ThenBy(bundle => bundle, StringComparer.Ordinal)];
    }

    /// <summary>What the bundles say, whole.</summary>
    public string Story() => string.Join("\n", Bundles().Select(RolloutStory.Of));

    /// <summary>Whether a bundle on the disk says this within a minute, while the pipeline runs.</summary>
    public async Task<bool> SaysAsync(string text)
    {
        for (var began = Environment.TickCount64; Environment.TickCount64 - began < 60_000; await Task.Delay(50))
        {
            foreach (var log in root.EnumerateFiles("*.jsonl", SearchOption.AllDirectories))
            {
                await using var stream = new FileStream(log.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream);
                if ((await reader.ReadToEndAsync()).Contains(text, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public bool Flush() => provider.ForceFlush();

    /// <summary>Every request of every rollout, in order of start.</summary>
    public static IReadOnlyList<(OpenRollout Rollout, InferenceCall Call)> Requests(IEnumerable<OpenRollout> rollouts) =>
        [.. rollouts.SelectMany(r => r.Graph.InferenceCalls.Values.Select(c => (r, c))).OrderBy(r => r.c.Execution.StartedAtUnixMs).ThenBy(r => r.c.Execution.StartedSeq)];

    public static IReadOnlyList<string> Saw(OpenRollout rollout, InferenceCall call) => [.. call.RequestItemIds.Select(id => WireTexts.Of(rollout.Graph.ConversationItems[id]))];

    public static IReadOnlyList<string> Gave(OpenRollout rollout, InferenceCall call) => [.. call.ResponseItemIds.Select(id => WireTexts.Of(rollout.Graph.ConversationItems[id]))];

    public void Dispose()
    {
        provider.Dispose();
        root.Delete(recursive: true);
    }

    private sealed class BackEnd(Recorded test, ConcurrentQueue<ExportedSpan> exported) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded && Current.Value == test)
            {
                exported.Enqueue(ExportedSpan.Of(data));
            }
        }
    }
}
