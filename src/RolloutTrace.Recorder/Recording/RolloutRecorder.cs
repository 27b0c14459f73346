using OpenTelemetry;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>One recorder: from the recordings of rollouts through the queue and its reader to the exporter. Safe for concurrent use.</summary>
internal sealed class RolloutRecorder : IDisposable
{
    private readonly string root;
    private readonly RecorderParts parts;
    private readonly BaseExporter<RolloutRecord> exporter;
    private readonly QueueReader reader;
    private readonly RecorderMetrics metrics;
    private readonly ProcessExit exit;
    private readonly TimeSpan drainTimeout;
    private readonly Func<Rollout, IRolloutRecording> open;
    private readonly Func<Rollout, bool>? filter;
    private int shutDown;

    public RolloutRecorder(string name, string root, RolloutTracingOptions options, BaseExporter<RolloutRecord> exporter)
    {
        this.root = root;
        this.exporter = exporter;
        filter = options.Filter;
        drainTimeout = options.DrainTimeout;
        parts = new RecorderParts(options);
        open = rollout => new BundleRecording(parts, rollout);
        metrics = new RecorderMetrics(name, parts.Health.Counters, parts.Queue, parts.Budget);
        reader = new QueueReader(parts.Queue, new RecordFinisher(options.Redact, parts.Health), parts.Pool, exporter, parts.Health);
        reader.Start();
        exit = new ProcessExit(Drain);
    }

    /// <summary>Records the rollout, unless a recorder with the same root does already.</summary>
    public void Attach(Rollout rollout)
    {
        if (!parts.IsShutDown && (filter is null || filter(rollout)))
        {
            rollout.TryAttach(root, open);
        }
    }

    /// <summary>Reports an exception that was kept from the observed program.</summary>
    public void Contain(string where, Exception exception) => parts.Health.Failed(where, exception);

    /// <summary>Leaves all that was recorded before on disk.</summary>
    public bool Flush(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        return parts.Queue.Flush(timeoutMilliseconds, (long)drainTimeout.TotalMilliseconds)
            && exporter.ForceFlush(Left(timeoutMilliseconds, began));
    }

    /// <summary>
    /// Leaves all that was recorded before on disk, and takes no more. What is not there in time is still written, by whoever
    /// disposes of the recorder or ends the process.
    /// </summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        parts.IsShutDown = true;
        parts.Queue.Complete();
        var drained = parts.Queue.Flush(timeoutMilliseconds, (long)drainTimeout.TotalMilliseconds);
        parts.Budget.Close();
        if (!drained || !reader.Join(drainTimeout))
        {
            // The reader may be in the middle of an export still, so the exporter is left to it.
            RecorderEventSource.Log.DrainIncomplete(parts.Queue.Pending);
            return false;
        }

        return Interlocked.Exchange(ref shutDown, 1) != 0 || exporter.Shutdown(Left(timeoutMilliseconds, began));
    }

    /// <summary>Waits for the disk as long as it moves, then lets everything go.</summary>
    public void Dispose()
    {
        if (Shutdown(Timeout.Infinite))
        {
            exporter.Dispose();
        }

        exit.Dispose();
        metrics.Dispose();
    }

    private static int Left(int timeoutMilliseconds, long began) =>
        timeoutMilliseconds < 0 ? timeoutMilliseconds : (int)Math.Max(0, timeoutMilliseconds - (Environment.TickCount64 - began));

    private void Drain()
    {
        if (!Flush(Timeout.Infinite))
        {
            RecorderEventSource.Log.DrainIncomplete(parts.Queue.Pending);
        }
    }
}
