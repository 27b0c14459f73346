using OpenTelemetry;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// The one thread that takes records from the queue, puts their content into final form and hands them to the exporter. It is the
/// only one that touches the disk, up to the exporter's end: others wait for it as long as they like.
/// </summary>
internal sealed class QueueReader
{
    // The lines of a batch get to disk at its end, so on a slow disk a large one would keep events waiting; and the more lines
    // share a write already, the less another one saves.
    private const int MaxBatch = 64;
    private const long MaxBatchBytes = 4 << 20;

    // While it has nothing to do: so often it looks whether some trouble is over, which is told when it is and not when the next rollout starts, and whether memory can be given back.
    private const int LookAfterMilliseconds = 500;

    private readonly RecordQueue queue;
    private readonly RecordFinisher finisher;
    private readonly PayloadMemory memory;
    private readonly BaseExporter<RolloutRecord> exporter;
    private readonly RecorderHealth health;
    private readonly OverloadGuard overload;
    private readonly Func<int> exitMilliseconds;
    private readonly BatchInHand hand;
    private readonly RolloutRecord[] batch = new RolloutRecord[MaxBatch];
    private readonly Thread thread;

    /// <param name="queue">Where records come from.</param>
    /// <param name="finisher">Puts them into final form.</param>
    /// <param name="memory">Gets their payloads back.</param>
    /// <param name="exporter">Where they go to.</param>
    /// <param name="health">Is told of trouble.</param>
    /// <param name="overload">Is looked after while it lasts: nobody else may come by when it is over.</param>
    /// <param name="exitMilliseconds">How long the exporter may take to end; -1 for no limit.</param>
    public QueueReader(
        RecordQueue queue,
        RecordFinisher finisher,
        PayloadMemory memory,
        BaseExporter<RolloutRecord> exporter,
        RecorderHealth health,
        OverloadGuard overload,
        Func<int> exitMilliseconds)
    {
        this.queue = queue;
        this.finisher = finisher;
        this.memory = memory;
        this.exporter = exporter;
        this.health = health;
        this.overload = overload;
        this.exitMilliseconds = exitMilliseconds;
        hand = new BatchInHand(health.Counters);
        thread = new Thread(Run) { IsBackground = true, Name = "RolloutTrace recorder" };
    }

    /// <summary>Whether the exporter says that its end went well. Known once the thread has ended.</summary>
    public bool HasShutDownExporter { get; private set; }

    /// <summary>Starts the thread, without the execution context of whoever happens to start it.</summary>
    public void Start() => thread.UnsafeStart();

    /// <summary>Waits for the thread to end, which it does once the queue is completed and empty and the exporter is shut down.</summary>
    public bool Join(int milliseconds) => thread.Join(milliseconds);

    /// <summary>Nobody waits any longer for what is in hand: it counts as lost.</summary>
    /// <returns>How many records were lost.</returns>
    public long GiveUp() => hand.GiveUp();

    private void Run()
    {
        // Exporters may use instrumented clients; what they do is not part of what is observed.
        using var suppressed = SuppressInstrumentationScope.Begin();
        while (true)
        {
            overload.Look();
            if (health.IsWaiting)
            {
                health.Look();
            }

            memory.Trim();
            var count = queue.Take(batch, MaxBatchBytes);
            if (count > 0)
            {
                Process(count);
            }
            else if (!queue.WaitForRecords(overload.IsOn || health.IsWaiting || memory.HasSpare ? LookAfterMilliseconds : Timeout.Infinite))
            {
                break;
            }
        }

        try
        {
            HasShutDownExporter = exporter.Shutdown(exitMilliseconds());
        }
        catch (Exception e)
        {
            health.Failed(nameof(QueueReader), e);
        }
    }

    // Nothing may end the thread: the callers would wait for a reader that is gone.
    private void Process(int count)
    {
        var taken = batch.AsSpan(0, count);
        long bytes = 0;
        foreach (var record in taken)
        {
            bytes += record.Size;
        }

        var kept = LeaveOutCut(taken);
        hand.Take(batch, kept);
        try
        {
            Export(kept);
        }
        catch (Exception e)
        {
            health.Failed(nameof(QueueReader), e);
            Fail(taken[..kept], e.GetType().FullName!);
        }

        hand.LetGo();
        foreach (var record in taken[..kept])
        {
            Release(record);
        }

        taken.Clear();
        queue.Done(count, bytes);
    }

    private void Export(int count)
    {
        foreach (var record in batch.AsSpan(0, count))
        {
            if (hand.IsGivenUp)
            {
                return;
            }

            // The program's own hook may be what is slow.
            finisher.Finish(record);
            queue.Moved();
        }

        if (count > 0 && hand.TryHandOver() && exporter.Export(new Batch<RolloutRecord>(batch, count)) != ExportResult.Success)
        {
            Fail(batch.AsSpan(0, count), "failure");
        }
    }

    // Moves the records that may be written to the front.
    private int LeaveOutCut(Span<RolloutRecord> records)
    {
        var kept = 0;
        foreach (var record in records)
        {
            if (record.Bundle.Recording.IsCut)
            {
                record.Bundle.Recording.CountMissed(1);
                Release(record);
            }
            else
            {
                records[kept++] = record;
            }
        }

        return kept;
    }

    private void Release(RolloutRecord record)
    {
        record.Bundle.Recording.Release(record.Size);
        memory.Return(record.Taken);
    }

    // It is not known what the exporter has made of them, so what follows would come behind a hole.
    private static void Fail(ReadOnlySpan<RolloutRecord> records, string detail)
    {
        foreach (var record in records)
        {
            record.Bundle.Recording.Cut(StopCause.ExporterFailed, detail);
            record.Bundle.Recording.CountLost(1);
        }
    }
}
