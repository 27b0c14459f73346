using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Recorder;

namespace RolloutTrace.Replay.Tests;

/// <summary>Records what starts in its own flow: all providers of a process see all rollouts.</summary>
internal sealed class RecordedHere : IDisposable
{
    private static readonly AsyncLocal<RecordedHere?> Current = new();

    private readonly string root = Path.Join(Path.GetTempPath(), $"rollout-trace-replay-{Guid.NewGuid():N}");
    private readonly TracerProvider provider;

    public RecordedHere()
    {
        provider = Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(Guid.NewGuid().ToString("N"), options =>
            {
                options.BundleRoot = root;
                options.Filter = _ => ReferenceEquals(Current.Value, this);
                options.SpanFilter = _ => false;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
                options.ExitTimeout = Timeout.InfiniteTimeSpan;
            })
            .Build();
        Current.Value = this;
    }

    /// <summary>Ends recording; the one bundle that there is.</summary>
    public string Bundle()
    {
        provider.Dispose();
        return Directory.GetDirectories(root).ShouldHaveSingleItem();
    }

    public void Dispose()
    {
        provider.Dispose();
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
