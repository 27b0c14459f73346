using OpenTelemetry;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Stands still in each export until it is opened, as a disk may, then writes bundles.</summary>
internal sealed class GatedExporter(string root) : BaseExporter<RolloutRecord>
{
    private readonly BundleExporter inner = new(root);

    public ManualResetEventSlim Gate { get; } = new(initialState: false);

    /// <summary>Set once an export has begun.</summary>
    public ManualResetEventSlim Entered { get; } = new(initialState: false);

    /// <summary>Set once it is shut down.</summary>
    public ManualResetEventSlim Left { get; } = new(initialState: false);

    public override ExportResult Export(in Batch<RolloutRecord> batch)
    {
        Entered.Set();
        Gate.Wait();
        return inner.Export(batch);
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        var done = inner.Shutdown(timeoutMilliseconds);
        Left.Set();
        return done;
    }
}
