using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Export;

/// <summary>
/// Keeps a lock beside the bundles, by which others see that this process lives, from the first bundle until the exporter is shut
/// down or the process ends in order. Where there can be no lock recording goes on without. Safe for concurrent use.
/// </summary>
internal sealed class RecorderPresence : IDisposable
{
    // Removing a file takes a few operations.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly string root;
    private readonly TimeSpan exitTimeout;
    private BundleWriterLock? held;
    private bool ended;

    /// <param name="root">The directory that holds the bundles.</param>
    /// <param name="exitTimeout">How long an ending process may be kept, with all else that keeps it; infinite for no bound.</param>
    public RecorderPresence(string root, TimeSpan exitTimeout)
    {
        this.root = root;
        this.exitTimeout = exitTimeout;
    }

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

    // Whoever drains the queue has asked to be called before this. A disk that stands still may hold whoever has the lock of this
    // object, too, so even that is left to a thread that nobody has to wait for.
    private void OnExit(object? sender, EventArgs e)
    {
        ProcessExit.Begin();
        var left = exitTimeout == Timeout.InfiniteTimeSpan ? Patience.TotalMilliseconds : Math.Min(ProcessExit.Left(exitTimeout), Patience.TotalMilliseconds);
        Aside.TryRun(Dispose, (int)left, static _ => { });
    }
}
