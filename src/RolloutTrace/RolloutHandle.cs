using System.Diagnostics;

namespace RolloutTrace;

/// <summary>
/// What all handles have in common: a span with a start and one end. A handle that nobody listens to takes the same calls
/// and does nothing. Safe for concurrent use: of several terminal calls the first counts.
/// </summary>
public abstract class RolloutHandle : IDisposable
{
    internal const string ActivityProperty = "RolloutTrace.Handle";

    private int startRecorded;
    private int ended;

    private protected RolloutHandle(Rollout rollout) => Rollout = rollout;

    /// <summary>The span; null when nobody listens.</summary>
    public Activity? Activity { get; private protected set; }

    internal Rollout Rollout { get; }

    internal virtual bool StartsRollout => false;

    /// <summary>Ends what was not ended as aborted.</summary>
    public void Dispose()
    {
        if (TryEnd())
        {
            RecordAborted();
            Activity?.Stop();
        }

        GC.SuppressFinalize(this);
    }

    internal virtual void RecordStartOnce()
    {
        if (Interlocked.Exchange(ref startRecorded, 1) == 0)
        {
            RecordStart();
        }
    }

    internal void RecordUnfinishedEndOnce()
    {
        if (TryEnd())
        {
            RecordAborted();
        }
    }

    private protected bool TryEnd() => Activity is not null && Interlocked.Exchange(ref ended, 1) == 0;

    private protected abstract void RecordStart();

    private protected abstract void RecordAborted();
}
