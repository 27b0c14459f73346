using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Export;

/// <summary>
/// Keeps a lock beside the bundles, by which others see that this process lives, from the first bundle until the exporter is shut
/// down or the process ends in order. Where there can be no lock recording goes on without. Safe for concurrent use.
/// </summary>
internal sealed class RecorderPresence : IDisposable
{
    private readonly Lock gate = new();
    private readonly string root;
    private BundleWriterLock? held;
    private bool ended;

    public RecorderPresence(string root) => this.root = root;

    /// <summary>The id of the lock that a new bundle is to name; null if there is none.</summary>
    public string? Show()
    {
        lock (gate)
        {
            if (ended)
            {
                return null;
            }

            // The bundle root can be deleted and come back, and then the old lock is of no use.
            if (held is { IsInPlace: false })
            {
                Release();
            }

            if (held is null && (held = BundleWriterLock.TryTake(root)) is not null)
            {
                AppDomain.CurrentDomain.ProcessExit += OnExit;
            }

            return held?.Id;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            Release();
        }
    }

    private void Release()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        held?.Dispose();
        held = null;
    }

    // Whoever drains the queue has asked to be called before this.
    private void OnExit(object? sender, EventArgs e) => Dispose();
}
