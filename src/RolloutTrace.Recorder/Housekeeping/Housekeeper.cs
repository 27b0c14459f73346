using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>
/// Works on bundles whose rollouts have ended, and looks after how much is kept: on one thread, which is started when the first bundle is and does not keep the process
/// alive. Nobody waits for it but the end of the exporter, and that not for long. Safe for concurrent use.
/// </summary>
internal sealed class Housekeeper : IDisposable
{
    private const long RetentionEveryMilliseconds = 3_600_000;
    private const long RetentionAfterMilliseconds = 10_000;
    private const int PatienceMilliseconds = 100;

    private readonly Lock starting = new();
    private readonly object gate = new();
    private readonly string root;
    private readonly BundleStorage storage;
    private readonly RetentionRun? retention;
    private readonly EndedBundles<IEndedBundle> ended = new();
    private readonly ReportedOnce reportedPacking = new();
    private readonly ReportedOnce reportedRetention = new();
    private readonly CancellationTokenSource stopping = new();
    private Thread? thread;

    // The thread's own.
    private IEnumerator<string>? left;
    private long retainAt;
    private bool isEnding;
    private bool isYielding;

    /// <param name="root">The bundle root.</param>
    /// <param name="storage">What works on bundles.</param>
    /// <param name="retention">How much is kept.</param>
    public Housekeeper(string root, BundleStorage storage, BundleRetention retention)
    {
        this.root = root;
        this.storage = storage;
        this.retention = retention.IsOn ? new RetentionRun(root, retention, TimeProvider.System) : null;
    }

    /// <summary>Whether there is anything to do, ever.</summary>
    public bool IsNeeded => storage.Finishes || retention is not null;

    /// <summary>A bundle was created: from now on what earlier processes left is looked after, too.</summary>
    public void Begin()
    {
        if (!IsNeeded || Volatile.Read(ref thread) is not null)
        {
            return;
        }

        lock (starting)
        {
            if (thread is null && !isEnding)
            {
                var starts = new Thread(Run) { IsBackground = true, Name = "RolloutTrace housekeeping" };
                starts.UnsafeStart();
                Volatile.Write(ref thread, starts);
            }
        }
    }

    /// <summary>A rollout has ended, or something came of one that had.</summary>
    public void Ended(IEndedBundle bundle, bool hasAgents)
    {
        if (!IsNeeded)
        {
            return;
        }

        lock (gate)
        {
            if (storage.Finishes && !ended.TryPut(bundle, hasAgents, Environment.TickCount64))
            {
                Report("packed", bundle.Name, "too many wait");
            }

            retainAt = Math.Min(retainAt, Environment.TickCount64 + RetentionAfterMilliseconds);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>The recorder ends, and what it has to write comes first: begins with nothing more before <see cref="End"/>.</summary>
    public void Yield()
    {
        lock (gate)
        {
            isYielding = true;
        }
    }

    /// <summary>
    /// Works on what has ended until now, and ends. What is not done in time stays as it is; a later recorder with the same root comes to it.
    /// </summary>
    /// <param name="milliseconds">How long to wait; -1 for as long as it takes.</param>
    public void End(int milliseconds)
    {
        lock (starting)
        {
            lock (gate)
            {
                isEnding = true;
                Monitor.PulseAll(gate);
            }
        }

        if (thread is null || thread.Join(milliseconds) || stopping.IsCancellationRequested)
        {
            return;
        }

        stopping.Cancel();
        thread.Join(PatienceMilliseconds);
    }

    /// <summary>Ends without waiting for anything.</summary>
    public void Dispose()
    {
        End(0);
        stopping.Dispose();
    }

    private void Run()
    {
        // What it does is no part of what is observed.
        using var suppressed = OpenTelemetry.SuppressInstrumentationScope.Begin();
        left = storage.Finishes ? Bundles().GetEnumerator() : null;
        while (Next() is { } work && !stopping.IsCancellationRequested)
        {
            work();
        }
    }

    private IEnumerable<string> Bundles() => Directory.EnumerateDirectories(root, BundleLayout.DirectoryName("*", "*"));

    // One after the other, so that what ends meanwhile comes first.
    private void FinishNextLeft()
    {
        try
        {
            if (left!.MoveNext())
            {
                TryFinish(left.Current, storage.FinishLeft);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report("packed", Path.GetFileName(root), e.GetType().FullName!);
        }

        left!.Dispose();
        left = null;
    }

    private Action? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (isYielding && !isEnding)
                {
                    Monitor.Wait(gate);
                    continue;
                }

                var now = Environment.TickCount64;
                if (ended.TryTake(isEnding ? long.MaxValue : now, out var bundle))
                {
                    return () => Finish(bundle);
                }

                if (isEnding)
                {
                    return null;
                }

                if (retention is not null && now >= retainAt)
                {
                    retainAt = now + RetentionEveryMilliseconds;
                    return Retain;
                }

                if (left is not null)
                {
                    return FinishNextLeft;
                }

                var next = Math.Min(ended.NextDue ?? long.MaxValue, retention is null ? long.MaxValue : retainAt);
                Monitor.Wait(gate, next == long.MaxValue ? Timeout.Infinite : (int)Math.Clamp(next - now, 1, int.MaxValue));
            }
        }
    }

    private void Finish(IEndedBundle bundle)
    {
        if (bundle.TrySeal())
        {
            if (!TryFinish(bundle.Directory, storage.Finish))
            {
                FinishLater(bundle);
            }
        }
        else
        {
            Ended(bundle, hasAgents: false);
        }
    }

    // Once more at the end, and no more then.
    private void FinishLater(IEndedBundle bundle)
    {
        lock (gate)
        {
            if (!isEnding)
            {
                ended.TryPutAgain(bundle, Environment.TickCount64);
            }
        }
    }

    // Nothing may end the thread, and nothing that happens here is the observed program's business. False if the disk did not take it, which may have room again later.
    private bool TryFinish(string directory, Action<string, CancellationToken> work)
    {
        try
        {
            work(directory, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The bundle is as it was.
        }
        catch (Exception e)
        {
            Report("packed", Path.GetFileName(directory), e.GetType().FullName!);
            return e is not (IOException or UnauthorizedAccessException);
        }

        return true;
    }

    private void Retain()
    {
        try
        {
            var (bundles, bytes) = retention!.Delete(stopping.Token);
            if (bundles > 0)
            {
                RecorderEventSource.Log.BundlesDeleted(bundles, bytes);
            }
        }
        catch (OperationCanceledException)
        {
            // The next run goes on.
        }
        catch (Exception e)
        {
            Report("deleted", Path.GetFileName(root), e.GetType().FullName!);
        }
    }

    private void Report(string what, string bundle, string detail)
    {
        if ((what == "packed" ? reportedPacking : reportedRetention).TryTake())
        {
            RecorderEventSource.Log.HousekeepingFailed(what, bundle, detail);
        }
    }
}
