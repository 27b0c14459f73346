using OpenTelemetry;
using OpenTelemetry.Resources;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Sending;

/// <summary>
/// Writes records with another exporter, and sends them by a thread of its own, so that the disk never waits for a receiver. What waits for that is bounded;
/// beyond the bound, events are not sent, which is counted.
/// </summary>
internal sealed class DiskAndOtlpExporter : BaseExporter<RolloutRecord>, ISender, IWorksAside
{
    private const int MaxAtOnce = 64;
    private const long RecordBytes = 1024;

    private readonly BaseExporter<RolloutRecord> disk;
    private readonly RecordSender sender;
    private readonly TimeSpan drainTimeout;
    private readonly long limit;
    private readonly object gate = new();
    private readonly Queue<Waiting> queue = new();
    private readonly Thread thread;
    private RecorderHealth? health;
    private long waitingBytes;
    private long inHand;
    private bool isCompleted;
    private bool isStarted;
    private volatile bool isGivenUp;

    public DiskAndOtlpExporter(BaseExporter<RolloutRecord> disk, RecordSender sender, RolloutTracingOptions options)
    {
        this.disk = disk;
        this.sender = sender;
        drainTimeout = options.DrainTimeout;
        limit = options.QueueLimitBytes;
        sender.IsGivenUp = () => isGivenUp || Volatile.Read(ref waitingBytes) > limit / 2;
        sender.Sent = events => health?.EventsSent(events);
        sender.Lost = (bundle, events) => health?.EventsNotSent(bundle.Name, events);
        thread = new Thread(Run) { IsBackground = true, Name = "RolloutTrace sender" };
    }

    /// <inheritdoc/>
    public Func<long> Backlog
    {
        // It has a queue of its own.
        set => _ = value;
    }

    /// <inheritdoc/>
    public Func<Resource?> Resource
    {
        set => sender.Resource = value;
    }

    /// <inheritdoc/>
    public void Yield() => (disk as IWorksAside)?.Yield();

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<RolloutRecord> batch)
    {
        var records = new RolloutRecord[batch.Count];
        var count = 0;
        foreach (var record in batch)
        {
            records[count++] = record;
        }

        var result = disk.Export(new Batch<RolloutRecord>(records, count));
        for (var i = 0; i < count; i++)
        {
            Add(records[i]);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        var isWritten = disk.ForceFlush(timeoutMilliseconds);
        return WaitUntilSent(Left(timeoutMilliseconds, began)) && isWritten;
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        var isWritten = disk.Shutdown(timeoutMilliseconds);
        lock (gate)
        {
            isCompleted = true;
            Monitor.PulseAll(gate);
        }

        var isSent = WaitUntilSent(Left(timeoutMilliseconds, began));
        isGivenUp = true;
        if (!isSent)
        {
            GiveUp();
        }

        if (isStarted)
        {
            isSent &= thread.Join(Left(timeoutMilliseconds, began));
        }

        return isWritten && isSent;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            disk.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Left(int timeoutMilliseconds, long began)
    {
        var most = (int)Math.Min(drainTimeout.TotalMilliseconds, int.MaxValue);
        return (int)Math.Max((timeoutMilliseconds < 0 ? most : Math.Min(timeoutMilliseconds, most)) - (Environment.TickCount64 - began), 0);
    }

    private void Add(RolloutRecord record)
    {
        health = record.Bundle.Recording.Health;
        var size = RecordBytes + record.Size + record.Payload.Length;
        var manifest = record.Bundle.Open?.Writer.Manifest ?? record.Bundle.Manifest;
        lock (gate)
        {
            if (isCompleted || waitingBytes + size > limit)
            {
                health.EventsNotSent(record.Bundle.Name, 1);
                return;
            }
        }

        // The record's memory is used again.
        var waiting = new Waiting(record.Bundle, manifest, record.Event, record.PayloadReference?.Path, record.Payload.ToArray(), size);
        lock (gate)
        {
            queue.Enqueue(waiting);
            waitingBytes += size;
            if (!isStarted)
            {
                isStarted = true;
                thread.UnsafeStart();
            }

            Monitor.PulseAll(gate);
        }
    }

    private void Run()
    {
        using var suppressed = SuppressInstrumentationScope.Begin();
        var batch = new List<Waiting>();
        while (Take(batch))
        {
            foreach (var waiting in batch)
            {
                try
                {
                    sender.Add(waiting.Bundle, waiting.Manifest, waiting.Event, waiting.Path, waiting.Payload);
                }
                catch (Exception e)
                {
                    health!.Failed(nameof(DiskAndOtlpExporter), e);
                    health.EventsNotSent(waiting.Bundle.Name, 1);
                }
            }

            try
            {
                sender.Flush();
            }
            catch (Exception e)
            {
                health!.Failed(nameof(DiskAndOtlpExporter), e);
            }

            lock (gate)
            {
                waitingBytes -= batch.Sum(static waiting => waiting.Size);
                inHand = 0;
                Monitor.PulseAll(gate);
            }
        }

        try
        {
            sender.Dispose();
        }
        catch (Exception e)
        {
            health!.Failed(nameof(DiskAndOtlpExporter), e);
        }
    }

    private bool Take(List<Waiting> batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (queue.Count == 0 && !isCompleted)
            {
                Monitor.Wait(gate);
            }

            while (batch.Count < MaxAtOnce && queue.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            inHand = batch.Count;
            return batch.Count > 0;
        }
    }

    // As long as the receiver takes something it is waited for, up to the limit.
    private bool WaitUntilSent(int milliseconds)
    {
        var until = Environment.TickCount64 + milliseconds;
        lock (gate)
        {
            while (queue.Count > 0 || inHand > 0)
            {
                var left = until - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                Monitor.Wait(gate, (int)left);
            }
        }

        return true;
    }

    private void GiveUp()
    {
        lock (gate)
        {
            foreach (var waiting in queue)
            {
                health!.EventsNotSent(waiting.Bundle.Name, 1);
                waitingBytes -= waiting.Size;
            }

            queue.Clear();
        }
    }

    private sealed record Waiting(RolloutBundle Bundle, BundleManifest Manifest, RawEvent Event, string? Path, byte[] Payload, long Size);
}
