using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// One rollout's way into one bundle. Bytes are taken on the caller's thread and outside the lock; numbering and queueing are
/// one step inside it, so that the queue has each bundle's events in their order and without holes. An event that cannot be
/// recorded stops the bundle: what came after it would follow a hole.
/// </summary>
internal sealed class BundleRecording : IRolloutRecording
{
    private readonly RecorderParts parts;
    private readonly RolloutPlace place;
    private readonly Lock gate = new();
    private int stopCause = (int)StopCause.None;
    private int closed;
    private volatile bool isCut;
    private long lost;
    private volatile bool isGivenUp;

    // Guarded by gate.
    private long lastSeq;
    private long lastPayload;

    public BundleRecording(RecorderParts parts, Rollout rollout, RolloutPlace place, DateTimeOffset startedAt)
    {
        this.parts = parts;
        this.place = place;
        var manifest = new BundleManifest
        {
            TraceId = Guid.CreateVersion7(parts.Now()).ToString(),
            RolloutId = rollout.RolloutId,
            RootThreadId = rollout.RootThreadId,
            StartedAtUnixMs = Math.Max(0, startedAt.ToUnixTimeMilliseconds()),
            Caller = rollout.Caller,
            ResumedFrom = rollout.ResumedFrom is { } before ? new ResumedRecording { TraceId = before } : null,
            ReplayedFrom = rollout.ReplayedFrom,
        };

        Bundle = new RolloutBundle(BundleDirectoryName.Of(manifest), manifest, this) { MayBeResumed = rollout.MayBeResumed && manifest.ResumedFrom is null };
        parts.Health.Counters.BundleOpened();
        if (rollout.IsUnattended)
        {
            parts.Unattended.TryAdd(this, rollout);
        }
    }

    public RolloutBundle Bundle { get; }

    public string BundleName => Bundle.Name;

    public string TraceId => Bundle.Manifest.TraceId;

    /// <summary>Why no more events are taken; none as long as they are.</summary>
    public StopCause StopCause => (StopCause)Volatile.Read(ref stopCause);

    /// <summary>Whether an event is missing from what was written.</summary>
    public bool IsCut => isCut;

    /// <summary>Events of the rollout that are not in the bundle.</summary>
    public long Lost => Volatile.Read(ref lost);

    public RecorderHealth Health => parts.Health;

    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        if (!TakesEvents())
        {
            CountMissed(1);
            return;
        }

        try
        {
            var size = EventSize.Base + EventSize.OfTexts(payload);
            if (!parts.Budget.TryTake(size, place.IsFavoured))
            {
                Lose(StopCause.QueueFull);
            }
            else if (!TryAdd(context, payload, size))
            {
                parts.Budget.Return(size);
                CountMissed(1);
            }
        }
        catch (Exception e)
        {
            parts.Health.Failed(nameof(BundleRecording), e);
            Lose(StopCause.InternalError, e.GetType().FullName!);
        }
    }

    public PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        if (!TakesEvents())
        {
            CountMissed(1);
            return null;
        }

        try
        {
            var taken = parts.Intake.Take(Bundle, context, kind, payload, place.IsFavoured);
            if (taken.HasNoRoom)
            {
                Lose(StopCause.QueueFull);
                return null;
            }

            var reference = TryAdd(context, kind, taken, state, create);
            if (reference is null)
            {
                parts.Intake.Return(taken);
                CountMissed(1);
            }

            return reference;
        }
        catch (Exception e)
        {
            parts.Health.Failed(nameof(BundleRecording), e);
            Lose(StopCause.InternalError, e.GetType().FullName!);
            return null;
        }
    }

    /// <summary>Takes no more events. The first cause counts.</summary>
    public void Stop(StopCause cause, string detail = "")
    {
        if (Interlocked.CompareExchange(ref stopCause, (int)cause, (int)StopCause.None) == (int)StopCause.None)
        {
            Close();
            parts.Overload.End(place, cause);
            parts.Health.BundleStopped(BundleName, cause, detail);
        }
    }

    /// <summary>Takes no more events, and nothing that is queued may be written either: it would follow a hole.</summary>
    public void Cut(StopCause cause, string detail)
    {
        isCut = true;
        Stop(cause, detail);
    }

    /// <summary>The disk has taken something of the recording.</summary>
    public void Moved() => parts.Queue.Moved();

    /// <summary>The reader is done with a record of so many bytes.</summary>
    public void Release(long size) => place.Release(size);

    /// <summary>Counts events that an exporter could not write. What was given up has been counted already.</summary>
    public void CountLost(long events)
    {
        if (!isGivenUp)
        {
            CountMissed(events);
        }
    }

    /// <summary>Counts events that are in no bundle.</summary>
    public void CountMissed(long events)
    {
        Health.Counters.EventNotRecorded(StopCause, events);
        if (events > 0 && Interlocked.Add(ref lost, events) == events)
        {
            Health.Counters.RolloutCut();
            Bundle.Open?.NoteLoss();
        }
    }

    /// <summary>
    /// Nobody waits any longer for what the exporter has in hand: it counts as lost, and no more of it is written, should the disk
    /// move after all.
    /// </summary>
    public void GiveUp(long events)
    {
        Cut(StopCause.ShutDown, string.Empty);
        CountMissed(events);
        isGivenUp = true;
    }

    private bool TakesEvents()
    {
        if (parts.IsShutDown)
        {
            Stop(StopCause.ShutDown);
        }

        return StopCause == StopCause.None;
    }

    private void Lose(StopCause cause, string detail = "")
    {
        Stop(cause, detail);
        CountMissed(1);
    }

    private bool TryAdd(in RolloutEventContext context, RawEventPayload payload, long size)
    {
        lock (gate)
        {
            if (StopCause != StopCause.None)
            {
                return false;
            }

            var record = new RolloutRecord(Bundle, Envelope(context), payload, size);
            parts.Budget.Admit();
            place.Put(size);
            parts.Queue.Add(record);
            lastSeq++;
        }

        if (payload is RolloutEndedEvent)
        {
            Close();
            parts.Overload.End(place, StopCause.None);
        }

        return true;
    }

    private PayloadReference? TryAdd<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in TakenPayload taken,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        PayloadReference reference;
        lock (gate)
        {
            if (StopCause != StopCause.None)
            {
                return null;
            }

            var number = lastPayload + 1;
            reference = PayloadReference.ForNumber(number, kind);
            var payload = create(state, reference);
            var texts = EventSize.OfTexts(payload);
            if (texts > 0)
            {
                parts.Budget.TakeAnyway(texts);
            }

            var size = taken.Size + texts;
            var record = new RolloutRecord(Bundle, Envelope(context), payload, reference, number, taken, size);
            parts.Budget.Admit();
            place.Put(size);
            parts.Queue.Add(record);
            lastSeq++;
            lastPayload = number;
        }

        parts.Health.Counters.BytesTaken(taken.WholeLength);
        return reference;
    }

    private EventEnvelope Envelope(in RolloutEventContext context) => new(lastSeq + 1, context.WallTimeUnixMs ?? parts.Now().ToUnixTimeMilliseconds(), context);

    private void Close()
    {
        if (Interlocked.Exchange(ref closed, 1) == 0)
        {
            parts.Unattended.TryRemove(this, out _);
            parts.Health.Counters.BundleClosed();
        }
    }
}
