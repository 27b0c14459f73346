using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>
/// Counts what goes well and what does not, and reports each cause of trouble once, until recording has worked again (<see cref="CauseNews"/>).
/// Safe for concurrent use.
/// </summary>
internal sealed class RecorderHealth
{
    private readonly Lock gate = new();
    private readonly CauseNews causes = new();
    private readonly HashSet<StopCause> reportedOverload = [];
    private readonly HashSet<PayloadProblem> reportedProblems = [];
    private readonly HashSet<string> reportedFailures = new(StringComparer.Ordinal);

    private volatile bool isWaiting;
    private volatile bool hasSeenUnknownDialect;

    public RecorderCounters Counters { get; } = new();

    /// <summary>Whether somebody should <see cref="Look"/> from time to time.</summary>
    public bool IsWaiting => isWaiting;

    public void BundleStopped(string bundle, StopCause cause, string detail)
    {
        Counters.BundleStopped(cause);
        if (cause != StopCause.ShutDown && (cause == StopCause.QueueFull ? IsNew(reportedOverload, cause) : IsNew(cause)))
        {
            RecorderEventSource.Log.BundleStopped(bundle, StopCauses.Name(cause), detail);
        }
    }

    /// <summary>An overload is over: queues that are full and rollouts that are refused are news again.</summary>
    public void OverloadEnded()
    {
        bool wasFull;
        bool wasRefused;
        lock (gate)
        {
            wasFull = reportedOverload.Remove(StopCause.QueueFull);
            wasRefused = reportedOverload.Remove(StopCause.Refused);
        }

        if (wasFull || wasRefused)
        {
            RecorderEventSource.Log.RecordingResumed(StopCauses.Name(wasFull ? StopCause.QueueFull : StopCause.Refused));
        }
    }

    /// <summary>A rollout has no bundle, since it started during an overload.</summary>
    public void RolloutRefused(long waitingBytes)
    {
        Counters.RolloutRefused();
        if (IsNew(reportedOverload, StopCause.Refused))
        {
            RecorderEventSource.Log.RolloutRefused(waitingBytes);
        }
    }

    /// <summary>
    /// A new bundle could be written to. What went wrong before is over because of that, perhaps after a while; an overload is not.
    /// </summary>
    public void BundleOpened()
    {
        lock (gate)
        {
            causes.Works();
        }

        Look();
    }

    /// <summary>Reports what is over by now.</summary>
    public void Look()
    {
        IReadOnlyList<StopCause> over;
        lock (gate)
        {
            over = causes.TakeOver(Environment.TickCount64);
            isWaiting = causes.IsWaiting;
        }

        foreach (var cause in over)
        {
            RecorderEventSource.Log.RecordingResumed(StopCauses.Name(cause));
        }
    }

    public void PayloadReplaced(PayloadKind kind, string bundle, PayloadFailure failure)
    {
        Counters.PayloadReplaced(failure.Problem);
        if (failure.Problem != PayloadProblem.Redacted && IsNew(reportedProblems, failure.Problem))
        {
            RecorderEventSource.Log.PayloadReplaced(kind.ToString(), bundle, PayloadProblems.Name(failure.Problem), failure.Detail ?? string.Empty);
        }
    }

    /// <summary>A payload had halves of surrogate pairs, in the place of which it has U+FFFD.</summary>
    public void SurrogatesReplaced(PayloadKind kind, string bundle, int count)
    {
        Counters.PayloadMended();
        if (IsNew(reportedFailures, nameof(SurrogatesReplaced)))
        {
            RecorderEventSource.Log.SurrogatesReplaced(kind.ToString(), bundle, count);
        }
    }

    /// <summary>Whether a payload in an unknown dialect was reported: nothing is to be looked for any more.</summary>
    public bool HasSeenUnknownDialect => hasSeenUnknownDialect;

    /// <summary>A request or response is in a dialect whose items are not known.</summary>
    public void DialectUnknown(PayloadKind kind, string bundle)
    {
        hasSeenUnknownDialect = true;
        if (IsNew(reportedFailures, nameof(DialectUnknown)))
        {
            RecorderEventSource.Log.DialectUnknown(kind.ToString(), bundle);
        }
    }

    /// <summary>A bundle that somebody had changed was put right.</summary>
    public void BundleRepaired(string bundle, string what)
    {
        if (IsNew(reportedFailures, $"{nameof(BundleRepaired)}/{what}"))
        {
            RecorderEventSource.Log.BundleRepaired(bundle, what);
        }
    }

    /// <summary>A span of another library was not read.</summary>
    public void SpanGivenUp(string source)
    {
        Counters.SpanGivenUp();
        if (IsNew(reportedFailures, nameof(SpanGivenUp)))
        {
            RecorderEventSource.Log.SpanGivenUp(source);
        }
    }

    /// <summary>A receiver has taken events: what went wrong before is over.</summary>
    public void EventsSent(long events)
    {
        Counters.Sent(events);
        bool wasNotSent;
        lock (gate)
        {
            wasNotSent = reportedFailures.Remove(nameof(EventsNotSent));
        }

        if (wasNotSent)
        {
            RecorderEventSource.Log.SendingResumed(Counters.EventsNotSent);
        }
    }

    /// <summary>No receiver has taken events, or there was no room for them.</summary>
    public void EventsNotSent(string bundle, long events)
    {
        Counters.NotSent(events);
        if (IsNew(reportedFailures, nameof(EventsNotSent)))
        {
            RecorderEventSource.Log.EventsNotSent(bundle, events);
        }
    }

    /// <summary>An exception that nothing in the recorder expects was contained.</summary>
    public void Failed(string where, Exception exception)
    {
        var type = exception.GetType().FullName!;
        if (IsNew(reportedFailures, $"{where}/{type}"))
        {
            RecorderEventSource.Log.RecorderFailed(where, type);
        }
    }

    private bool IsNew(StopCause cause)
    {
        lock (gate)
        {
            return causes.Stopped(cause, Environment.TickCount64);
        }
    }

    private bool IsNew<T>(HashSet<T> reported, T item)
    {
        lock (gate)
        {
            return reported.Add(item);
        }
    }
}
