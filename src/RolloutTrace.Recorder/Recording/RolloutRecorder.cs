using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Resources;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Housekeeping;
using RolloutTrace.Recorder.Queue;
using RolloutTrace.Recorder.Sending;

namespace RolloutTrace.Recorder.Recording;

/// <summary>One recorder: from the recordings of rollouts through the queue and its reader to the exporter. Safe for concurrent use.</summary>
internal sealed class RolloutRecorder : IDisposable
{
    private readonly RecorderParts parts;
    private readonly BaseExporter<RolloutRecord> exporter;
    private readonly QueueReader reader;
    private readonly RecorderMetrics metrics;
    private readonly ProcessExit exit;
    private readonly TimeSpan drainTimeout;
    private readonly ExitBudget exitBudget;
    private readonly Func<Rollout, IRolloutRecording> open;
    private readonly Func<Rollout, bool>? filter;
    private int hasToldLoss;

    public RolloutRecorder(string name, string root, RolloutTracingOptions options, BaseExporter<RolloutRecord> exporter)
    {
        Root = root;
        this.exporter = exporter;
        filter = options.Filter;
        drainTimeout = options.DrainTimeout;
        exitBudget = new ExitBudget(options.ExitTimeout);
        parts = new RecorderParts(options);
        parts.Intake.KeepsHistories = exporter is BundleExporter;
        open = rollout => Open(rollout, parts.Now());
        if (exporter is ISender sender)
        {
            sender.Backlog = () => parts.Budget.Used;
            sender.Resource = () => Resource?.Invoke();
        }

        metrics = new RecorderMetrics(name, parts.Health.Counters, parts.Queue, parts.Budget);
        reader = new QueueReader(
            parts.Queue, new RecordFinisher(options.Redact, parts.Health, parts.Memory.Histories), parts.Memory, exporter, parts.Health, parts.Overload, () => exitBudget.Left);
        reader.Start();
        exit = new ProcessExit(Drain);
    }

    /// <summary>Where its bundles go.</summary>
    public string Root { get; }

    /// <summary>Records the rollout, unless a recorder with the same root does already. During an overload it may be refused.</summary>
    public void Attach(Rollout rollout) => Attach(rollout, open);

    /// <summary>Records a rollout that began earlier than anybody knew of it.</summary>
    public void Attach(Rollout rollout, DateTimeOffset startedAt) => Attach(rollout, attached => Open(attached, startedAt));

    /// <summary>Whether any rollout has been there to record.</summary>
    public bool HasAttached { get; private set; }

    /// <summary>Gives the resource of the pipeline.</summary>
    public Func<Resource?>? Resource { get; set; }

    /// <summary>Is called when the process ends for certain, before what is recorded is left on disk.</summary>
    public Action? Ending { get; set; }

    /// <summary>Is called when the process is asked to end, and may go on, before what is recorded is left on disk.</summary>
    public Action? Flushing { get; set; }

    /// <summary>Is called once, when the recorder ends: how many events, of how many rollouts, are in no bundle, and why.</summary>
    public Action<long, long, string>? Lost { get; set; }

    /// <summary>Counts and reports a span of somebody else that was not read, since more came than could be read.</summary>
    public void GaveUpSpan(string source) => parts.Health.SpanGivenUp(source);

    /// <summary>How much longer the program may be kept from ending, in milliseconds; -1 for no limit.</summary>
    public int ExitMilliseconds => exitBudget.Left;

    /// <summary>Reports an exception that was kept from the observed program.</summary>
    public void Contain(string where, Exception exception) => parts.Health.Failed(where, exception);

    /// <summary>Ends the rollouts that nobody else ends, while their ends are still recorded.</summary>
    public void EndUnattended()
    {
        foreach (var rollout in parts.Unattended.Values)
        {
            try
            {
                rollout.RecordingStops();
            }
            catch (Exception e)
            {
                Contain(nameof(EndUnattended), e);
            }
        }
    }

    /// <summary>Leaves all that was recorded before on disk.</summary>
    public bool Flush(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        return parts.Queue.Flush(timeoutMilliseconds, StallOf(timeoutMilliseconds)) && exporter.ForceFlush(Left(timeoutMilliseconds, began));
    }

    /// <summary>
    /// Leaves all that was recorded before on disk, and takes no more. What is not there in time is still written, by whoever
    /// disposes of the recorder or ends the process.
    /// </summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        using var keeping = exitBudget.Keep();
        if (TryEnd(timeoutMilliseconds))
        {
            return reader.HasShutDownExporter;
        }

        if (parts.Queue.Pending is var pending and > 0)
        {
            RecorderEventSource.Log.DrainIncomplete(pending);
        }

        return false;
    }

    /// <summary>Waits for the disk as long as it moves and the program may be kept, then lets everything go.</summary>
    public void Dispose()
    {
        using (exitBudget.Keep())
        {
            if (!TryEnd(Timeout.Infinite))
            {
                // The reader may be in the middle of an export still, so the exporter is left to it. So are the instruments, which
                // say what was lost.
                GiveUp();
            }
            else
            {
                Aside.TryRun(exporter.Dispose, exitBudget.Left, e => Contain(nameof(Dispose), e));
                metrics.Dispose();
            }
        }

        exit.Dispose();
        TellLoss();
    }

    /// <summary>What is left of a time limit; -1 if there is none.</summary>
    public static int Left(int timeoutMilliseconds, long began) =>
        timeoutMilliseconds < 0 ? timeoutMilliseconds : (int)Math.Max(0, timeoutMilliseconds - (Environment.TickCount64 - began));

    // Who gives no limit waits for a disk that moves.
    private long StallOf(int timeoutMilliseconds) => timeoutMilliseconds < 0 ? (long)drainTimeout.TotalMilliseconds : Timeout.Infinite;

    // The reader writes what there is and shuts down the exporter, whether or not somebody still waits for it.
    private bool TryEnd(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        var limit = ExitBudget.Least(timeoutMilliseconds, exitBudget.Left);
        parts.IsShutDown = true;
        parts.Queue.Complete();
        (exporter as IWorksAside)?.Yield();
        var drained = parts.Queue.Flush(limit, StallOf(timeoutMilliseconds));
        parts.Budget.Close();
        return drained && reader.Join(ExitBudget.Least(Left(limit, began), (int)drainTimeout.TotalMilliseconds));
    }

    // The process is asked to end, or ends.
    private void Drain(bool isCertain)
    {
        using var keeping = exitBudget.Keep();
        if (isCertain)
        {
            (exporter as IWorksAside)?.Yield();
            Ending?.Invoke();
        }
        else
        {
            Flushing?.Invoke();
        }

        var began = Environment.TickCount64;
        var limit = exitBudget.Left;
        if (parts.Queue.Flush(limit, StallOf(Timeout.Infinite)))
        {
            Aside.TryRun(() => exporter.ForceFlush(Left(limit, began)), Left(limit, began), e => Contain(nameof(Drain), e));
        }
        else if (isCertain)
        {
            parts.IsShutDown = true;
            parts.Queue.Complete();
            GiveUp();
        }
        else
        {
            RecorderEventSource.Log.DrainIncomplete(parts.Queue.Pending);
        }

        if (isCertain)
        {
            TellLoss();
        }
    }

    // What was not sent is on disk where it should be, and is told by itself.
    private void TellLoss()
    {
        var counters = parts.Health.Counters;
        var causes = Enum.GetValues<StopCause>()
            .Select(cause => (Cause: cause, Events: counters.EventsNotRecorded(cause)))
            .Where(static lost => lost.Events > 0 && lost.Cause != StopCause.NotSent)
            .ToList();
        if (causes.Count == 0 || Interlocked.Exchange(ref hasToldLoss, 1) != 0)
        {
            return;
        }

        try
        {
            var words = causes.Select(static lost => string.Create(CultureInfo.InvariantCulture, $"{StopCauses.Name(lost.Cause)} {lost.Events}"));
            Lost?.Invoke(causes.Sum(static lost => lost.Events), counters.RolloutsCut + counters.RolloutsRefused, string.Join(", ", words));
        }
        catch (Exception e)
        {
            // The program's log may be closed by now.
            Contain(nameof(TellLoss), e);
        }
    }

    private void GiveUp()
    {
        var lost = parts.Queue.GiveUp() + reader.GiveUp();
        if (lost > 0)
        {
            RecorderEventSource.Log.DrainIncomplete(lost);
        }
    }

    private void Attach(Rollout rollout, Func<Rollout, IRolloutRecording> opening)
    {
        if (!parts.IsShutDown && (filter is null || filter(rollout)))
        {
            HasAttached |= rollout.TryAttach(Root, opening);
        }
    }

    private IRolloutRecording Open(Rollout rollout, DateTimeOffset startedAt) => parts.Overload.TryAdmit() is { } place
        ? new BundleRecording(parts, rollout, place, startedAt)
        : new RefusedRecording(parts.Health.Counters);
}
