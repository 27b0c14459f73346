using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

/// <summary>
/// A real tracer provider that records into a directory of its own. All providers of a process see all rollouts, so each of
/// these records just the ones that were started through it.
/// </summary>
internal sealed class RecorderFixture : IDisposable
{
    private readonly HashSet<string> threadIds;

    public RecorderFixture(
        Action<RolloutTracingOptions>? configure = null,
        Action<TracerProviderBuilder>? pipeline = null,
        string? root = null,
        HashSet<string>? sharedThreadIds = null)
    {
        Root = root ?? Path.Combine(Path.GetTempPath(), $"rollout-trace-tests-{Guid.NewGuid():N}");
        threadIds = sharedThreadIds ?? [];
        var builder = Sdk.CreateTracerProviderBuilder();
        pipeline?.Invoke(builder);
        Provider = builder
            .AddRolloutTracing(Name, options =>
            {
                options.BundleRoot = Root;
                options.Filter = Owns;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
                options.ExitTimeout = Timeout.InfiniteTimeSpan;
                configure?.Invoke(options);
            })
            .Build();
    }

    /// <summary>Name of the options, which is also the recorder's in its metrics.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    public string Root { get; }

    public TracerProvider Provider { get; }

    public string[] Bundles => Directory.Exists(Root) ? [.. Directory.GetDirectories(Root).Order(StringComparer.Ordinal)] : [];

    /// <summary>The directory of the one bundle that there is.</summary>
    public string Bundle => Bundles.ShouldHaveSingleItem();

    public AgentSession StartSession(AgentSessionOptions options = default)
    {
        var threadId = options.ThreadId ?? Guid.CreateVersion7().ToString();
        Own(threadId);
        return RolloutTracing.StartSession(options with { ThreadId = threadId });
    }

    /// <summary>Lets a rollout be recorded that something else will start.</summary>
    public void Own(string threadId)
    {
        lock (threadIds)
        {
            threadIds.Add(threadId);
        }
    }

    public bool Owns(Rollout rollout)
    {
        lock (threadIds)
        {
            return threadIds.Contains(rollout.RootThreadId);
        }
    }

    public void Flush() => Provider.ForceFlush().ShouldBeTrue();

    /// <summary>The sum of one instrument's current values for this recorder, or the value for one tag.</summary>
    public double Metric(string instrument, string? tagValue = null)
    {
        double sum = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == RolloutTracingMeter.Name && published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;

        void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var isOurs = false;
            var matches = tagValue is null;
            foreach (var (_, tag) in tags)
            {
                isOurs |= Equals(tag, Name);
                matches |= Equals(tag, tagValue);
            }

            sum += isOurs && matches ? value : 0;
        }
    }

    public static IReadOnlyList<RawEvent> Events(string bundle) =>
        [.. BundleReader.Open(bundle).ReadEvents().Select(line => line.Event.ShouldNotBeNull(line.Defect?.Text))];

    /// <summary>Reduces the bundle, which must give no diagnostic.</summary>
    public static RolloutGraph Reduce(string bundle)
    {
        var result = RolloutReducer.Reduce(bundle);
        result.Diagnostics.ShouldBeEmpty();
        return result.Graph;
    }

    /// <summary>Reduces a bundle in which markers stand for payloads: each diagnostic is of one, with the reason that it gives, and there is no other.</summary>
    public static RolloutGraph ReduceWithMarkers(string bundle)
    {
        var result = RolloutReducer.Reduce(bundle);
        foreach (var diagnostic in result.Diagnostics)
        {
            diagnostic.Code.ShouldBe(DiagnosticCodes.PayloadReplaced);
            var payload = result.Graph.RawPayloads.Values.Single(p => diagnostic.Message.StartsWith($"payload {p.RawPayloadId} is missing", StringComparison.Ordinal));
            var marker = JsonNode.Parse(File.ReadAllText(Path.Join(bundle, payload.Path)))!;
            diagnostic.Message.ShouldEndWith($"({marker["rollout_trace_error"]})");
        }

        return result.Graph;
    }

    public void Dispose()
    {
        Provider.Dispose();
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
