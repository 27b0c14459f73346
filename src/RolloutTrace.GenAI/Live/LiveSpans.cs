using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Live;

/// <summary>
/// Makes rollouts of the spans of others while they happen. What a span is can be known once something below it starts, or it ends:
/// frameworks set their attributes after the start. On the threads of the program it takes what a span says, and what is to be said on
/// it; reading is done aside (<see cref="LiveMapping"/>). Safe for concurrent use. It may throw, and whoever calls it contains that.
/// </summary>
internal sealed class LiveSpans : IDisposable
{
    private const int MaxDepth = 512;

    private static int instances;

    private readonly string property = $"RolloutTrace.GenAI.{Interlocked.Increment(ref instances)}";
    private readonly Lock placing = new();
    private readonly LiveSpanOptions options;
    private readonly SourceInterests interests;
    private readonly OpenActivities open = new();
    private readonly LiveMapping mapping;
    private readonly ReadingThread thread;
    private readonly LongCalls calls;
    private volatile bool isComplete;

    public LiveSpans(LiveSpanOptions options, IGenAIRolloutOpener opener)
    {
        this.options = options;
        interests = new SourceInterests(options.IsKnownSource);
        mapping = new LiveMapping(options, opener);
        thread = new ReadingThread(mapping, options.Contain);
        calls = new LongCalls(LookAtCalls);
    }

    /// <summary>How many spans have meant something, of those that have been read.</summary>
    public long Seen => mapping.Seen;

    /// <summary>What is known of a source.</summary>
    public SourceInterest InterestOf(ActivitySource source) => interests.Of(source);

    /// <summary>A span has started; its parent may be known by now.</summary>
    public void Started(Activity activity, SourceInterest source)
    {
        // As long as nothing has told of models, nothing that starts tells anything of what is above it.
        if (!interests.AreTelling || isComplete || activity.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        if (source.IsTelling)
        {
            open.Add(activity);
            calls.Started();
        }

        if (activity.Parent is not { } parent || RolloutBoundary.IsRecorded(parent))
        {
            return;
        }

        LookAt(parent, source, activity);
        if (activity.Kind is ActivityKind.Client or ActivityKind.Producer && !source.IsTelling)
        {
            NoteOutgoing(activity);
        }
    }

    /// <summary>
    /// A handle's span has started or ended. Spans of others around it, of which nothing is recorded yet, are the same work told once more.
    /// </summary>
    public void HandleSeen(Activity activity)
    {
        open.Remove(activity);
        var depth = 0;

        // The span of a handle says whose child it is by ids.
        var parent = activity.Parent ?? open.Find(activity.TraceId, activity.ParentSpanId);
        if (parent is not null && !mapping.IsIdle)
        {
            mapping.TryReadAll(Timeout.Infinite);
        }

        for (var ancestor = parent; ancestor is not null && depth < MaxDepth && RolloutBoundary.Of(ancestor) is null; ancestor = ancestor.Parent, depth++)
        {
            if (!interests.Of(ancestor.Source).IsTelling || PlaceOf(ancestor) is { IsCovered: true } or { Node.In.Thread: not null })
            {
                continue;
            }

            ancestor.SetCustomProperty(property, new ActivityPlace { IsCovered = true });
        }
    }

    /// <summary>A span has ended.</summary>
    public void Stopped(Activity activity, SourceInterest source)
    {
        if (isComplete || activity.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        if (source.IsTelling)
        {
            open.Remove(activity);
        }

        var meaning = ActivitySpans.MeaningOf(activity);
        if (meaning == SpanMeaning.None || PlaceOf(activity) is { IsDone: true })
        {
            return;
        }

        if (PlaceOf(activity) is not { IsCovered: true })
        {
            End(activity, source, meaning);
        }

        if (!options.KeepsContent)
        {
            ContentAttributes.Strip(activity);
        }
    }

    /// <summary>Everything that has happened before is recorded.</summary>
    /// <param name="milliseconds">How long it may take; -1 for as long as it takes.</param>
    /// <returns>Whether it is.</returns>
    public bool Flush(int milliseconds) => mapping.TryReadAll(milliseconds);

    /// <summary>Ends the rollouts in which nothing has happened since then.</summary>
    public void EndIdle(DateTimeOffset since) => mapping.Between(mapper => mapper.EndIdle(since));

    /// <summary>The program ends: what runs is recorded as running, everything else has ended.</summary>
    /// <param name="milliseconds">How long it may take; -1 for as long as it takes.</param>
    public void Complete(int milliseconds)
    {
        if (isComplete)
        {
            return;
        }

        foreach (var activity in open.All)
        {
            try
            {
                if (!activity.IsStopped && !RolloutBoundary.IsRecorded(activity) && PlaceOf(activity) is not { IsCovered: true }
                    && ActivitySpans.MeaningOf(activity) == SpanMeaning.Work)
                {
                    mapping.TryAdd(Take(activity, interests.Of(activity.Source), isEnd: false, isLeft: true));
                }
            }
            catch (InvalidOperationException)
            {
                // Somebody else works on the span at this moment.
            }
        }

        isComplete = true;
        mapping.Complete(milliseconds);
    }

    /// <summary>Nothing is read any more.</summary>
    public void Dispose()
    {
        isComplete = true;
        calls.Dispose();
        thread.Dispose();
    }

    private void End(Activity activity, SourceInterest source, SpanMeaning meaning)
    {
        var taken = Take(activity, source, isEnd: true);
        if (meaning == SpanMeaning.Http && taken.Above.Count == 0)
        {
            return;
        }

        taken.Place.IsDone = true;
        if (taken.Above.Count > 0)
        {
            taken.Above[0].Place.Saw(meaning);
        }

        if (!mapping.TryAdd(taken))
        {
            return;
        }

        // Exporters see what is recorded, and nobody else looks for what we say on a span.
        var wantsTags = options.SetsAttributes && meaning == SpanMeaning.Work && activity.Recorded;

        // Of a source that has told nothing so far it matters what comes of it.
        var isUrgent = taken.IsUrgent || !source.IsTelling;
        if (isUrgent ? mapping.TryReadAll(Timeout.Infinite) : wantsTags && !RolloutTags.TrySetUnread(activity, taken) && mapping.TryReadForOne())
        {
            if (wantsTags && taken.Place.Node is { } node)
            {
                RolloutTags.Set(activity, node);
            }
        }
    }

    // Whoever kills the process while a tool works leaves no end of its span: what it was called with stands in the bundle by then.
    private bool LookAtCalls(DateTime before)
    {
        var areYoungerOnes = false;
        foreach (var activity in open.All)
        {
            try
            {
                if (isComplete || activity.IsStopped || !ActivitySpans.IsTool(activity) || RolloutBoundary.IsRecorded(activity)
                    || PlaceOf(activity) is { } place && (place.IsCovered || place.IsDone || IsSettled(place, isGoingOut: false)))
                {
                    continue;
                }

                if (activity.StartTimeUtc > before)
                {
                    areYoungerOnes = true;
                    continue;
                }

                var taken = Take(activity, interests.Of(activity.Source), isEnd: false);
                taken.Place.IsAwaited = true;
                mapping.TryAdd(taken);
            }
            catch (Exception e)
            {
                options.Contain(e);
            }
        }

        return areYoungerOnes;
    }

    // What is above it may be known now, or be about to send something.
    private void LookAt(Activity parent, SourceInterest source, Activity activity)
    {
        var place = PlaceOf(parent);
        var around = ReferenceEquals(parent.Source, activity.Source) ? source : interests.Of(parent.Source);
        if (place is not ({ IsCovered: true } or { IsDone: true }) && (around.IsTelling || place?.Node is not null) && !IsSettled(place, isGoingOut: !source.IsTelling)
            && ActivitySpans.MeaningOf(parent) != SpanMeaning.None)
        {
            var taken = Take(parent, around, isEnd: false, isGoingOut: !source.IsTelling);
            taken.Place.IsAwaited = true;
            if (mapping.TryAdd(taken) && taken.IsUrgent)
            {
                mapping.TryReadAll(Timeout.Infinite);
            }
        }
    }

    // What a tool sends may reach an agent, which then knows this span for its caller.
    private void NoteOutgoing(Activity activity)
    {
        var depth = 0;
        for (var ancestor = activity.Parent; ancestor is not null && depth < MaxDepth && !RolloutBoundary.IsRecorded(ancestor); ancestor = ancestor.Parent, depth++)
        {
            var around = interests.Of(ancestor.Source);
            if (!around.IsTelling)
            {
                continue;
            }

            if (PlaceOf(ancestor) is not ({ IsCovered: true } or { IsDone: true }) && ActivitySpans.MayBeTool(ancestor))
            {
                mapping.TryAdd(Take(ancestor, around, isEnd: false, isGoingOut: true, outgoing: activity));
            }

            return;
        }
    }

    // Nothing that starts below it any more tells something new.
    private static bool IsSettled(ActivityPlace? place, bool isGoingOut) =>
        (place is { IsAwaited: true } && !isGoingOut)
        || (place?.Node is { } node && (node.HasStarted || node is { Role: Reading.SpanRole.Agent or Reading.SpanRole.Workflow or Reading.SpanRole.Wrapper, In.Thread: not null }));

    private ActivityPlace? PlaceOf(Activity activity) => activity.GetCustomProperty(property) as ActivityPlace;

    private ActivityPlace PlaceFor(Activity activity)
    {
        if (PlaceOf(activity) is { } known)
        {
            return known;
        }

        lock (placing)
        {
            var place = PlaceOf(activity) ?? new ActivityPlace();
            activity.SetCustomProperty(property, place);
            return place;
        }
    }

    private TakenSpan Take(Activity activity, SourceInterest source, bool isEnd, bool isGoingOut = false, bool isLeft = false, Activity? outgoing = null)
    {
        var span = ActivitySpans.Of(activity, options.Resource(), out var size, out var mayChange);
        var above = Above(activity, out var topmost);
        return new TakenSpan
        {
            Place = PlaceFor(activity),
            Span = span,
            Source = source,
            IsEnd = isEnd,
            IsGoingOut = isGoingOut,
            IsLeft = isLeft,
            Outgoing = outgoing is null ? null : new SpanReference { TraceId = outgoing.TraceId.ToHexString(), SpanId = outgoing.SpanId.ToHexString() },
            OutgoingTime = outgoing is null ? default : new DateTimeOffset(outgoing.StartTimeUtc),
            Above = above,
            Outside = topmost.Parent is null && topmost.ParentSpanId != default && PlaceOf(topmost)?.Node is null
                ? new Mapping.SpanKey(topmost.TraceId.ToHexString(), topmost.ParentSpanId.ToHexString())
                : null,
            Size = size,
            IsUrgent = mayChange || IsInHandle(above),
        };
    }

    // Those above a span that matter or may, with what they say by now, the nearest first, up to one that is known.
    private IReadOnlyList<SpanAbove> Above(Activity activity, out Activity topmost)
    {
        List<SpanAbove>? above = null;
        topmost = activity;
        var depth = 0;
        for (var ancestor = activity.Parent; ancestor is not null && depth < MaxDepth; ancestor = ancestor.Parent, depth++)
        {
            var place = PlaceOf(ancestor);
            if (RolloutBoundary.Of(ancestor) is { TurnId: not null } boundary && place?.Node is not { IsHandle: true })
            {
                topmost = ancestor;
                (above ??= []).Add(new SpanAbove(PlaceFor(ancestor), ActivitySpans.Of(ancestor, []), boundary));
                break;
            }

            if (place?.Node is not null)
            {
                topmost = ancestor;
                (above ??= []).Add(new SpanAbove(place, null, null));
                break;
            }

            if (place is not { IsCovered: true } && !RolloutBoundary.IsRecorded(ancestor) && ActivitySpans.MeaningOf(ancestor) == SpanMeaning.Work)
            {
                topmost = ancestor;
                (above ??= []).Add(new SpanAbove(PlaceFor(ancestor), ActivitySpans.Of(ancestor, options.Resource()), null));
            }
        }

        return above ?? (IReadOnlyList<SpanAbove>)[];
    }

    // Handles record what happens at once, and their rollouts end without waiting for anybody.
    private static bool IsInHandle(IReadOnlyList<SpanAbove> above)
    {
        if (above.Count == 0)
        {
            return false;
        }

        if (above[^1].Boundary is not null)
        {
            return true;
        }

        for (var node = above[^1].Place.Node; node is not null; node = node.Parent)
        {
            if (node.IsHandle)
            {
                return true;
            }
        }

        return false;
    }
}
