using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>
/// Creates, starts and stops rollout spans without disturbing <see cref="Activity.Current"/>. <see cref="Activity"/> does two
/// things that disturb it. A span that starts without a parent gets the current one as its parent. And when a span stops, the one
/// that was current before it becomes current again, even if that one has stopped or another is current by now.
/// </summary>
internal static class CurrentSpan
{
    /// <param name="source">The source of the span.</param>
    /// <param name="name">Name of the span.</param>
    /// <param name="kind">Kind of the span.</param>
    /// <param name="parent">The parent; with a trace id alone, the trace of a span without a parent.</param>
    /// <param name="tags">What samplers see.</param>
    /// <param name="detached">Whether the current span must not become the parent.</param>
    public static Activity? Create(
        ActivitySource source,
        string name,
        ActivityKind kind,
        ActivityContext parent,
        List<KeyValuePair<string, object?>> tags,
        bool detached = false)
    {
        var current = detached ? Activity.Current : null;
        if (current is null)
        {
            return source.CreateActivity(name, kind, parent, tags);
        }

        Activity.Current = null;
        try
        {
            return source.CreateActivity(name, kind, parent, tags);
        }
        finally
        {
            Set(current);
        }
    }

    /// <summary>Starts a span and leaves it current. Returns what becomes current when it ends.</summary>
    public static Activity? Start(Activity activity, bool detached)
    {
        var previous = Running(Activity.Current);
        if (detached && Activity.Current is not null)
        {
            Activity.Current = null;
        }

        activity.Start();
        return previous;
    }

    /// <summary>Starts a span that does not become current.</summary>
    public static void StartAside(Activity activity)
    {
        var previous = Start(activity, detached: true);
        Set(previous);
    }

    public static void Stop(Activity activity, Activity? previous)
    {
        var current = Activity.Current;
        activity.Stop();
        Set(ReferenceEquals(current, activity) ? previous : current);
    }

    /// <summary>The running span to be the parent of a new turn; null when the current one belongs to the same rollout.</summary>
    public static Activity? Ambient(Rollout rollout)
    {
        var current = Running(Activity.Current);
        for (var ancestor = current; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (RolloutHandle.Of(ancestor) is { } handle)
            {
                return ReferenceEquals(handle.Rollout, rollout) ? null : current;
            }
        }

        return current;
    }

    /// <summary>The span itself, or what was current before it, or around it, and still runs.</summary>
    public static Activity? Running(Activity? activity)
    {
        while (activity is { IsStopped: true })
        {
            activity = RolloutHandle.Of(activity)?.Previous ?? activity.Parent;
        }

        return activity;
    }

    private static void Set(Activity? activity)
    {
        var running = Running(activity);
        if (!ReferenceEquals(Activity.Current, running))
        {
            Activity.Current = running;
        }
    }
}
