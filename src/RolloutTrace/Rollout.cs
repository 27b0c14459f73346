using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>One rollout: a root agent session and everything below it. Safe for concurrent use.</summary>
public sealed class Rollout
{
    private readonly Lock attaching = new();
    private volatile Attachment[] attachments = [];
    private object? teller;
    private bool started;
    private bool isForeign;

    internal Rollout(ActivitySource source, string rolloutId, string rootThreadId, TimeProvider? clock, ContentCapture? content)
    {
        Source = source;
        RolloutId = rolloutId;
        RootThreadId = rootThreadId;
        Clock = new RolloutClock(clock);
        Content = content;
    }

    /// <summary>
    /// A rollout without handles and without spans of its own, for what is told by others: spans that another library makes, or a
    /// trace that is imported. Attach recordings first, then record; the first event fixes the recordings.
    /// </summary>
    /// <param name="rolloutId">Identity of the rollout; not empty.</param>
    /// <param name="rootThreadId">Id of the root agent's thread; not empty.</param>
    /// <param name="caller">Who called it from another process; null if nobody did, or nobody knows.</param>
    public static Rollout Create(string rolloutId, string rootThreadId, CallerReference? caller = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(rolloutId);
        ArgumentException.ThrowIfNullOrEmpty(rootThreadId);
        return new Rollout(RolloutActivitySource.Source, rolloutId, rootThreadId, TimeProvider.System, content: null) { isForeign = true, Caller = caller, ReplayedFrom = ReplayOrigin.FromEnvironment() };
    }

    /// <summary>Identity of the rollout; by default the root thread's id.</summary>
    public string RolloutId { get; }

    /// <summary>Id of the root agent's thread.</summary>
    public string RootThreadId { get; }

    /// <summary>Who called the rollout from another process; null if nobody did, or nobody knows.</summary>
    public CallerReference? Caller { get; internal init; }

    /// <summary>The trace id of the bundle that the rollout goes on from, as the program says it; null if it says nothing.</summary>
    public string? ResumedFrom { get; internal init; }

    /// <summary>Whether its thread's id was given, so that there may be bundles of it already.</summary>
    public bool MayBeResumed { get; internal init; }

    /// <summary>Whether spans of tool calls have the caller's ids in their baggage.</summary>
    internal bool SendsCaller { get; init; }

    /// <summary>The rollout of handles that nobody listens to.</summary>
    internal static Rollout Disabled { get; } = new(RolloutActivitySource.Source, string.Empty, string.Empty, clock: null, content: null);

    /// <summary>The source of the rollout's spans.</summary>
    internal ActivitySource Source { get; }

    internal RolloutClock Clock { get; }

    /// <summary>Guards attributes that gather values: links come from the threads of other agents.</summary>
    internal Lock Gathering { get; } = new();

    /// <summary>The ids of the model's calls that tool calls have.</summary>
    internal IdClaims CallIds { get; } = new();

    /// <summary>The ids of the model's calls that code cells have.</summary>
    internal IdClaims CellCallIds { get; } = new();

    /// <summary>The ids of threads, turns, requests, tool calls and compactions, each of which there is once.</summary>
    internal GivenIds Ids { get; } = new();

    /// <summary>The ids of terminals, which belong to threads.</summary>
    internal IdClaims TerminalIds { get; } = new();

    /// <summary>Puts message content on spans; null unless it was switched on.</summary>
    internal ContentCapture? Content { get; }

    /// <summary>Where payloads can be had; null for nowhere.</summary>
    internal Uri? ContentBaseUri { get; init; }

    /// <summary>The rollout's trace, as the parent of spans that have no parent: a trace id, flags, and no span id.</summary>
    internal ActivityContext Trace { get; set; }

    /// <summary>
    /// Whether no one says when the rollout is over: it goes on as long as its conversation does, and ends at the latest with the
    /// recording. See <see cref="RecordingStops"/>.
    /// </summary>
    public bool IsUnattended => WhenRecordingStops is not null;

    /// <summary>The recording that the rollout's model answers from; null if it is a live one.</summary>
    public ReplayOrigin? ReplayedFrom { get; internal init; }

    /// <summary>Ends what nobody else will end; null where the owner of the session does.</summary>
    internal Action? WhenRecordingStops { get; init; }

    /// <summary>Whether anything records this rollout.</summary>
    internal bool IsRecorded => attachments.Length > 0;

    /// <summary>
    /// Adds a recording. It is not added if one with the same destination is there already, or if the root session has started:
    /// each recording has the rollout whole, so it joins before the first event.
    /// </summary>
    /// <param name="destination">Where the recording goes, such as the full path of the directory that will hold the bundle.</param>
    /// <param name="open">Opens the recording; called at most once. What it throws reaches the caller, and nothing is added.</param>
    /// <returns>Whether the recording was added.</returns>
    public bool TryAttach(string destination, Func<Rollout, IRolloutRecording> open)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(open);
        lock (attaching)
        {
            if (started || Array.Exists(attachments, a => string.Equals(a.Destination, destination, StringComparison.Ordinal)))
            {
                return false;
            }

            attachments = [.. attachments, new Attachment(destination, open(this))];
            return true;
        }
    }

    /// <summary>Of the first recording that has a bundle; null if there is none.</summary>
    internal string? BundleName => Array.Find(attachments, static a => a.Recording.BundleName.Length > 0).Recording?.BundleName;

    /// <summary>The recordings in the order in which they were attached; the ones behind <paramref name="index"/> may still come.</summary>
    internal IRolloutRecording? RecordingAt(int index)
    {
        var current = attachments;
        return index < current.Length ? current[index].Recording : null;
    }

    /// <summary>
    /// Whether a recorder is the one that tells the rollout of spans of others around its handles: of those that record it, the first that
    /// asks. What one tells all recordings have, so two would tell everything twice.
    /// </summary>
    /// <param name="recorder">Who asks.</param>
    /// <param name="destination">Where its recordings go; null for anywhere.</param>
    internal bool IsToldBy(object recorder, string? destination) =>
        (destination is null || Array.Exists(attachments, a => string.Equals(a.Destination, destination, StringComparison.Ordinal)))
        && (Interlocked.CompareExchange(ref teller, recorder, comparand: null) ?? recorder) == recorder;

    /// <summary>From now on the recordings are fixed.</summary>
    internal void MarkStarted()
    {
        lock (attaching)
        {
            started = true;
        }
    }

    /// <summary>Records an event in every recording. Handles do so for what they observe; who has no handle calls it himself.</summary>
    /// <param name="context">For the event's envelope.</param>
    /// <param name="payload">What was observed.</param>
    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        FixRecordings();
        foreach (var attachment in attachments)
        {
            attachment.Recording.Record(context, payload);
        }
    }

    /// <summary>
    /// Stores a payload and records the event that names it, in every recording. Each numbers the payload itself, and has it whole
    /// before the event.
    /// </summary>
    /// <param name="context">For the event's envelope.</param>
    /// <param name="kind">What the payload is.</param>
    /// <param name="payload">The document; not empty.</param>
    /// <param name="state">Handed to <paramref name="create"/>, so that it needs no closure.</param>
    /// <param name="create">Makes the event; called at most once a recording. Must not throw.</param>
    /// <typeparam name="TState">Type of the state.</typeparam>
    /// <returns>The first recording's reference, which is the one that spans name; null when nothing was recorded.</returns>
    public PayloadReference? Record<TState>(
        in RolloutEventContext context,
        PayloadKind kind,
        in JsonPayload payload,
        TState state,
        Func<TState, PayloadReference, RawEventPayload> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        FixRecordings();
        PayloadReference? first = null;
        foreach (var attachment in attachments)
        {
            var reference = attachment.Recording.Record(context, kind, payload, state, create);
            first ??= reference;
        }

        return first;
    }

    /// <summary>
    /// A recorder is about to take no more events: a rollout that is unattended ends now, as completed, unless one of its turns runs.
    /// For any other this does nothing.
    /// </summary>
    public void RecordingStops() => WhenRecordingStops?.Invoke();

    // Where there is a root session, its start does it.
    private void FixRecordings()
    {
        if (isForeign && !Volatile.Read(ref started))
        {
            MarkStarted();
        }
    }

    private readonly record struct Attachment(string Destination, IRolloutRecording Recording);
}
