using System.Diagnostics;
using RolloutTrace.Callers;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// What a recorder finds on a rollout span: the way from the span's start and end to the raw events. In a processor's
/// OnStart, attach a recording when <see cref="StartsRollout"/>, then call <see cref="RecordStart"/>; in OnEnd call
/// <see cref="RecordUnfinishedEnd"/>. Several recorders may do so for the same span.
/// </summary>
public readonly struct RolloutBoundary
{
    private readonly RolloutHandle handle;

    private RolloutBoundary(RolloutHandle handle) => this.handle = handle;

    /// <summary>The rollout that the span belongs to.</summary>
    public Rollout Rollout => handle.Rollout;

    /// <summary>Whether the span is the root session's, during whose start recordings may attach to the rollout.</summary>
    public bool StartsRollout => handle.StartsRollout;

    /// <summary>What the handle is.</summary>
    public RolloutBoundaryKind Kind => handle switch
    {
        AgentSession => RolloutBoundaryKind.Session,
        Turn => RolloutBoundaryKind.Turn,
        ModelAttempt => RolloutBoundaryKind.ModelRequest,
        ToolCall or ToolRuntime => RolloutBoundaryKind.ToolCall,
        Compaction => RolloutBoundaryKind.Compaction,
        _ => RolloutBoundaryKind.Other,
    };

    /// <summary>The agent's thread.</summary>
    public string? ThreadId => handle.Place.ThreadId;

    /// <summary>The turn; null for a session.</summary>
    public string? TurnId => handle.Place.TurnId;

    /// <summary>The agent's path.</summary>
    public string AgentPath => (handle switch
    {
        AgentSession session => session,
        Turn turn => turn.Session,
        _ => handle.OwnTurn?.Session,
    })?.AgentPath ?? string.Empty;

    /// <summary>The tool call that the span is, or carries out; null if it is none.</summary>
    public string? ToolCallId => (handle as ToolCall ?? (handle as ToolRuntime)?.Call)?.ToolCallId;

    /// <summary>The compaction that the span is; null if it is none.</summary>
    public string? CompactionId => (handle as Compaction)?.CompactionId;

    /// <summary>The boundary of a span; null for a span that belongs to no rollout.</summary>
    public static RolloutBoundary? Of(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return RolloutHandle.Of(activity) is { } handle ? new RolloutBoundary(handle) : null;
    }

    /// <summary>
    /// Whether what the span stands for is recorded already, by a handle that has it or by handles inside it: then nobody else
    /// records anything for it.
    /// </summary>
    public static bool IsRecorded(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return RolloutHandle.Of(activity) is not null || RolloutHandle.IsCovered(activity);
    }

    /// <summary>
    /// The boundary of a span that starts right now, on the thread where it does; null for a span that belongs to no rollout. The span
    /// of another library may stand for something that a rollout waits for: then it becomes that boundary's, and its start has been
    /// recorded when this returns. To be called for every span that starts, before anything else is done with it.
    /// </summary>
    public static RolloutBoundary? OfStarting(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (RolloutHandle.Of(activity) is null)
        {
            SpanClaims.Offer(activity);
        }

        return Of(activity);
    }

    /// <summary>
    /// Notes a span of another library that leaves the process, of a client or a producer, for the tool call below which it starts: whoever
    /// it reaches was called by that. To be called when the span starts; later calls, and calls for other spans, do nothing. Nothing is
    /// noted where the caller's ids travel along.
    /// </summary>
    /// <param name="activity">The span.</param>
    public static void NoteOutgoing(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (activity is { Kind: ActivityKind.Client or ActivityKind.Producer, IdFormat: ActivityIdFormat.W3C } && !IsRecorded(activity))
        {
            OutgoingSpan.Note(activity);
        }
    }

    /// <summary>Whether a span that starts below this one would be of interest for <see cref="NoteOutgoing"/>.</summary>
    /// <param name="around">The span.</param>
    public static bool IsBelowToolCall(Activity around)
    {
        ArgumentNullException.ThrowIfNull(around);
        return OutgoingSpan.ToolAround(around) is not null;
    }

    /// <summary>
    /// Records the raw events of the span's start. Later calls do nothing, except that the root session's start is recorded
    /// once for each recording that was attached meanwhile.
    /// </summary>
    public void RecordStart() => handle.RecordStartOnce();

    /// <summary>
    /// Records an aborted end if the span was stopped behind its handle's back. An end that came through the handle was
    /// recorded before the span stopped: then this does nothing.
    /// </summary>
    public void RecordUnfinishedEnd() => handle.RecordUnfinishedEndOnce();
}
