using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;
using RolloutTrace.Content;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// What all handles have in common: a span with a start and one end. A handle that nobody listens to takes the same calls
/// and does nothing; its ids are empty. Safe for concurrent use: of several terminal calls the first counts, and later ones
/// are ignored. No call throws, whatever it is given: what can be recorded is, with stand-ins for what is missing.
/// </summary>
public abstract class RolloutHandle : IDisposable
{
    /// <summary>The most links on a span that back ends take.</summary>
    internal const int MaxLinks = 128;

    private const string ActivityProperty = "RolloutTrace.Handle";
    private const string CoveredProperty = "RolloutTrace.Covered";

    private static bool areAny;

    private int startRecorded;
    private int ended;
    private int stopSeen;
    private int links;
    private bool isAdopted;
    private ContentCuts? cuts;

    private protected RolloutHandle(Rollout rollout)
    {
        Rollout = rollout;
        IsEnabled = !ReferenceEquals(rollout, Rollout.Disabled);
    }

    /// <summary>The span; null when nobody listens.</summary>
    public Activity? Activity { get; private set; }

    /// <summary>Whether anybody listens. For leaving out work that is done for the trace only; calls need no such check.</summary>
    public bool IsEnabled { get; }

    internal Rollout Rollout { get; }

    /// <summary>The span, unless it is another library's, which says itself what the conventions have words for.</summary>
    internal Activity? OwnSpan => isAdopted ? null : Activity;

    internal virtual bool StartsRollout => false;

    /// <summary>What was current when the span started, as long as it may have to be current again.</summary>
    internal Activity? Previous { get; private set; }

    /// <summary>What links to this handle point to.</summary>
    internal ActivityContext SpanContext => Activity?.Context ?? default;

    /// <summary>Puts message content on the span; null unless that was switched on and somebody wants attributes.</summary>
    private protected ContentCapture? Content => WantsTags ? Rollout.Content : null;

    private protected abstract RolloutEventContext EventContext { get; }

    /// <summary>Thread and turn of the handle.</summary>
    internal RolloutEventContext Place => EventContext;

    /// <summary>The turn that the handle is in; null for one that is in none, and for a turn itself.</summary>
    internal virtual Turn? OwnTurn => null;

    /// <summary>Id of the span's parent; null if it has none.</summary>
    private protected string? ParentSpanId => Activity is { } activity && activity.ParentSpanId != default ? activity.ParentSpanId.ToHexString() : null;

    /// <summary>See <see cref="RolloutEventContext.SpanAttributes"/>.</summary>
    internal CarriedAttributes? Carried { get; private set; }

    private protected bool HasEnded => Volatile.Read(ref ended) != 0;

    /// <summary>Whether attributes are worth setting. On the span of another library the conventions' attributes are that library's.</summary>
    private protected bool WantsTags => !isAdopted && Activity is { IsAllDataRequested: true };

    /// <summary>Whether attributes of our own, <c>rollout.*</c>, are worth setting, whosever span it is.</summary>
    private protected bool WantsOwnTags => Activity is { IsAllDataRequested: true } activity && !(isAdopted && activity.IsStopped);

    /// <summary>Called once when the span has stopped, where a recorder sees it, whosever it is; null for none.</summary>
    internal Action? WhenSpanStops { get; set; }

    /// <summary>The handle's ids as a caller's; null if there are none.</summary>
    private string? CallerIds => EventContext.ThreadId is { } threadId && Rollout.RolloutId.Length > 0
        ? CallerBaggage.Value(Rollout.RolloutId, threadId, (this as ToolCall ?? (this as ToolRuntime)?.Call)?.ToolCallId)
        : null;

    // Recordings join a rollout while its root session starts.
    private bool WantsCarried => IsEnabled && (StartsRollout || Rollout.IsRecorded);

    /// <summary>Ends what has not ended yet as aborted.</summary>
    public void Dispose()
    {
        if (TryEnd())
        {
            RecordAborted();
            Finish(ExecutionStatus.Aborted);
        }
    }

    /// <summary>
    /// Writes who calls into a message to another process: trace context, by the propagator that is configured
    /// (<see cref="DistributedContextPropagator.Current"/>), and on demand the ids of rollout, thread and tool call.
    /// <see cref="RolloutCaller.Extract"/> reads it there. Does nothing if nobody listens.
    /// </summary>
    /// <param name="carrier">What gets the fields, such as the headers of a message.</param>
    /// <param name="setter">Puts a field, by its name in lower case, into the carrier. Where it throws, the fields that are left are not written.</param>
    /// <param name="withIds">
    /// Whether the ids go along, as the entry <c>rollout.caller</c> of baggage. They are no content, but they reach whoever gets the message.
    /// </param>
    /// <typeparam name="TCarrier">Type of the carrier.</typeparam>
    public void Inject<TCarrier>(TCarrier carrier, Action<TCarrier, string, string> setter, bool withIds = false)
    {
        if (Activity is { } span && setter is not null)
        {
            Carrier.TryInject(span, withIds ? CallerIds : null, carrier, setter);
        }
    }

    /// <summary>
    /// Puts who calls into the environment of a process that is about to be started: TRACEPARENT, TRACESTATE and BAGGAGE, the ids of rollout,
    /// thread and tool call among it. <c>AddRolloutTracing()</c> reads them there, and takes them out of that process's environment. Does nothing
    /// if nobody listens, or where the shell is to start the process, which allows no variables.
    /// </summary>
    /// <param name="process">How the process will be started.</param>
    public void PassTo(ProcessStartInfo process)
    {
        if (Activity is { IdFormat: ActivityIdFormat.W3C } span && process is { UseShellExecute: false })
        {
            ProcessCaller.Write(span, CallerIds, process);
        }
    }

    internal static RolloutHandle? Of(Activity activity) => AreAny ? activity.GetCustomProperty(ActivityProperty) as RolloutHandle : null;

    /// <summary>Whether any span of this process has had a handle, or stood for what handles record: where none has, none is looked for.</summary>
    internal static bool AreAny => Volatile.Read(ref areAny);

    /// <summary>Whether handles have recorded all that a span of another library stands for.</summary>
    internal static bool IsCovered(Activity activity) => AreAny && activity.GetCustomProperty(CoveredProperty) is not null;

    /// <summary>Notes that handles record all that the span of another library stands for.</summary>
    internal static void Cover(Activity activity)
    {
        Volatile.Write(ref areAny, true);
        activity.SetCustomProperty(CoveredProperty, SpanTags.True);
    }

    internal virtual void RecordStartOnce()
    {
        if (Interlocked.Exchange(ref startRecorded, 1) == 0 && Rollout.IsRecorded)
        {
            RecordStart();
        }
    }

    internal void RecordUnfinishedEndOnce()
    {
        if (!isAdopted && TryEnd())
        {
            RecordAborted();
            SetStatus(ExecutionStatus.Aborted, default);
        }

        if (Interlocked.Exchange(ref stopSeen, 1) == 0)
        {
            WhenSpanStops?.Invoke();
        }
    }

    /// <summary>Adds a link and the attribute that repeats it; a target that nobody listened to adds nothing.</summary>
    internal void AddLink(LinkKind kind, ActivityContext target, string? edgeId = null)
    {
        if (!WantsOwnTags || target.SpanId == default || HasEnded || Interlocked.Increment(ref links) > MaxLinks)
        {
            return;
        }

        Activity!.AddLink(kind.To(target, edgeId));
        Append(kind.Attribute, LinkKind.Text(target));
        if (edgeId is not null)
        {
            Append(RolloutAttributes.Edge.Id, edgeId);
        }
    }

    /// <summary>
    /// Adds a link that is known and that events do not tell for certain, and has the span's next events carry it. Adds no second one of a kind.
    /// </summary>
    internal void AddKnownLink(LinkKind kind, ActivityContext target)
    {
        AddLink(kind, target);
        CarryLink(kind, target);
    }

    /// <summary>Has the span's next events carry a link, be it one of the span that this one is part of.</summary>
    internal void CarryLink(LinkKind kind, ActivityContext target)
    {
        if (WantsCarried && target.SpanId != default && !HasEnded)
        {
            Carried = CarriedAttributes.Add(Carried, kind.Attribute, LinkKind.Text(target));
        }
    }

    /// <summary>Sets an attribute of our own, whosever span it is.</summary>
    internal void SetOwn(string name, string? value)
    {
        if (WantsOwnTags)
        {
            Activity!.Set(name, value);
        }
    }

    /// <summary>Sets content, and what is missing of it.</summary>
    internal void SetContent(string attribute, ContentValue? value)
    {
        if (value is { } content && WantsTags)
        {
            SetContent(attribute, content.Json, content.MissingMessages, content.MissingBytes);
        }
    }

    /// <inheritdoc cref="SetContent(string, ContentValue?)"/>
    internal void SetContent(string attribute, object value, int missingMessages, long missingBytes)
    {
        Activity!.SetTag(attribute, value);
        lock (Rollout.Gathering)
        {
            if ((cuts is not null || missingMessages > 0 || missingBytes > 0) && (cuts ??= new ContentCuts()).Set(attribute, missingMessages, missingBytes))
            {
                Activity.SetTag(RolloutAttributes.Content.Cut, cuts.ToJson());
            }
        }
    }

    /// <summary>
    /// Has the span's next events carry an attribute that none of them has a member for, so that the span can be made again from
    /// the bundle. It does not set the attribute.
    /// </summary>
    internal void Carry(string name, string? value)
    {
        if (WantsCarried && !string.IsNullOrEmpty(value))
        {
            Carried = CarriedAttributes.Add(Carried, name, SpanTags.Cut(value));
        }
    }

    /// <inheritdoc cref="Carry(string, string)"/>
    internal void Carry(string name, int value)
    {
        if (WantsCarried)
        {
            Carried = CarriedAttributes.Add(Carried, name, value);
        }
    }

    /// <inheritdoc cref="Carry(string, string)"/>
    internal void Carry(string name, string[] value)
    {
        if (WantsCarried)
        {
            Carried = CarriedAttributes.Add(Carried, name, value);
        }
    }

    /// <summary>Ties handle and span together; comes before the span starts, so that processors find the handle.</summary>
    private protected void Attach(Activity activity)
    {
        Activity = activity;
        Volatile.Write(ref areAny, true);
        activity.SetCustomProperty(ActivityProperty, this);
        if (Rollout.SendsCaller && this is (ToolCall or ToolRuntime))
        {
            activity.SetBaggage(CallerBaggage.Key, CallerIds);
        }
    }

    /// <summary>
    /// Takes a span that another library has started for this boundary, or none if there is none. The span gets our own attributes
    /// and nothing else; whoever started it stops it.
    /// </summary>
    private protected void Adopt(Activity? span, List<KeyValuePair<string, object?>> tags)
    {
        isAdopted = true;
        if (span is null)
        {
            return;
        }

        Attach(span);
        foreach (var (name, value) in tags)
        {
            if (name.StartsWith(RolloutAttributes.Prefix, StringComparison.Ordinal))
            {
                span.SetTag(name, value);
            }
        }
    }

    /// <summary>Starts the span and makes it current. A processor usually records the start; otherwise it is recorded here.</summary>
    private protected void Begin(bool detached = false)
    {
        if (!isAdopted)
        {
            Previous = CurrentSpan.Start(Activity!, detached);
        }

        RecordStartOnce();
    }

    /// <summary>Starts the span as one that is never current.</summary>
    private protected void BeginAside()
    {
        CurrentSpan.StartAside(Activity!);
        RecordStartOnce();
    }

    /// <summary>Whether this call is the one that ends the handle.</summary>
    private protected bool TryEnd() => IsEnabled && Interlocked.Exchange(ref ended, 1) == 0;

    /// <summary>Has the end's events carry the type of an error.</summary>
    private protected void Carry(in Failure failure) => Carry(RolloutAttributes.Error.Type, failure.Type);

    /// <summary>Ends the span, after the end was recorded: recording may still add attributes.</summary>
    private protected void Finish(ExecutionStatus status, in Failure failure = default)
    {
        if (Activity is not { } activity)
        {
            return;
        }

        SetStatus(status, failure);
        if (isAdopted)
        {
            return;
        }

        CurrentSpan.Stop(activity, Previous);

        // Keeps what is stopped from holding on to what was stopped before it.
        Previous = CurrentSpan.Running(Previous);
    }

    private protected void Record(RawEventPayload payload) => Rollout.Record(EventContext, payload);

    private protected PayloadReference? RecordProtocolEvent(string eventType, in JsonPayload payload) => IsEnabled && Rollout.IsRecorded
        ? Rollout.Record(
            EventContext,
            PayloadKind.ProtocolEvent,
            payload.Or("null"),
            EventText.Name(eventType),
            static (type, reference) => new ProtocolEventObservedEvent { EventType = type, EventPayload = reference })
        : null;

    /// <summary>Says where content is whole, on a span that holds content.</summary>
    private protected void SetPath(string attribute, PayloadReference? payload)
    {
        if (payload is not null && Content is not null)
        {
            Activity!.Set(attribute, payload.Path);
        }
    }

    /// <summary>Records an event with a payload, or without one if it is empty.</summary>
    private protected PayloadReference? Record<TState>(
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference?, RawEventPayload> create)
    {
        if (!payload.IsEmpty)
        {
            return Rollout.Record(EventContext, kind, payload, state, create);
        }

        Rollout.Record(EventContext, create(state, null));
        return null;
    }

    /// <summary>Records the raw events of the start. Called once, and only if somebody records.</summary>
    private protected abstract void RecordStart();

    /// <summary>Records the raw events of an end that nobody asked for.</summary>
    private protected abstract void RecordAborted();

    private void SetStatus(ExecutionStatus status, in Failure failure)
    {
        if (!WantsOwnTags)
        {
            return;
        }

        Activity!.SetTag(RolloutAttributes.Status, StatusName.Of(status));
        if (status == ExecutionStatus.Failed && !isAdopted)
        {
            Activity.SetTag(RolloutAttributes.Error.Type, failure.Type ?? ErrorType.Other);
            Activity.SetStatus(ActivityStatusCode.Error, Rollout.Content is null ? null : failure.Description);
            if (Rollout.Content is not null && failure.Exception is { } exception)
            {
                Activity.AddEvent(ErrorType.Event(exception));
            }
        }
    }

    private void Append(string attribute, string value)
    {
        lock (Rollout.Gathering)
        {
            Activity!.SetTag(attribute, Activity.GetTagItem(attribute) is string before ? $"{before},{value}" : value);
        }
    }
}
