using System.Diagnostics;
using System.Runtime.CompilerServices;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>
/// Makes rollouts of the spans of others while they happen. What a span is can be known once something below it starts, or it ends:
/// frameworks set their attributes after the start. Safe for concurrent use; reading is done outside the lock. It may throw, and
/// whoever calls it contains that.
/// </summary>
internal sealed class LiveSpans
{
    private const int MaxDepth = 512;

    private static int instances;

    private readonly string property = $"RolloutTrace.GenAI.{Interlocked.Increment(ref instances)}";
    private readonly ConditionalWeakTable<ActivitySource, SourceInterest> sources = [];
    private readonly Lock gate = new();
    private readonly LiveSpanOptions options;
    private readonly SpanMapper mapper;
    private readonly OpenActivities open = new();
    private readonly RecentTurns recent = new();
    private volatile bool isComplete;
    private long seen;

    public LiveSpans(LiveSpanOptions options, IGenAIRolloutOpener opener)
    {
        this.options = options;
        mapper = new SpanMapper(options.Threads, opener, static () => ProcessCaller.Take()?.ToReference()) { TurnOf = link => recent.Find(new SpanKey(link.TraceId, link.SpanId))?.In };
    }

    /// <summary>How many spans have meant something.</summary>
    public long Seen => Volatile.Read(ref seen);

    /// <summary>What is known of a source.</summary>
    public SourceInterest InterestOf(ActivitySource source)
    {
        if (!sources.TryGetValue(source, out var interest))
        {
            var isKnown = options.IsKnownSource(source.Name);
            interest = sources.GetOrAdd(source, new SourceInterest(isKnown) { IsTelling = isKnown });
        }

        return interest;
    }

    /// <summary>A span has started; its parent may be known by now.</summary>
    public void Started(Activity activity)
    {
        if (isComplete || activity.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        if (IsTelling(activity.Source))
        {
            lock (gate)
            {
                open.Add(activity);
            }
        }

        if (activity.Parent is { } parent && !RolloutBoundary.IsRecorded(parent) && PlaceOf(parent) is not { IsCovered: true } && (IsTelling(parent.Source) || PlaceOf(parent)?.Node is not null) && PlaceOf(parent) is not { IsDone: true })
        {
            Look(parent, isEnd: false, isGoingOut: !IsTelling(activity.Source));
        }

        if (activity.Kind is ActivityKind.Client or ActivityKind.Producer && !IsTelling(activity.Source))
        {
            NoteOutgoing(activity);
        }
    }

    /// <summary>
    /// A handle's span has started or ended. Spans of others around it, of which nothing is recorded yet, are the same work told once more.
    /// </summary>
    public void HandleSeen(Activity activity)
    {
        lock (gate)
        {
            open.Remove(activity);
            var depth = 0;

            // The span of a handle says whose child it is by ids.
            var parent = activity.Parent ?? open.Find(activity.TraceId, activity.ParentSpanId);
            for (var ancestor = parent; ancestor is not null && depth < MaxDepth && RolloutBoundary.Of(ancestor) is null; ancestor = ancestor.Parent, depth++)
            {
                if (!IsTelling(ancestor.Source) || PlaceOf(ancestor) is { IsCovered: true } or { Node.In.Thread: not null })
                {
                    continue;
                }

                ancestor.SetCustomProperty(property, new ActivityPlace { IsCovered = true });
            }
        }
    }

    /// <summary>A span has ended.</summary>
    public void Stopped(Activity activity)
    {
        if (isComplete || activity.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        if (IsTelling(activity.Source))
        {
            lock (gate)
            {
                open.Remove(activity);
            }
        }

        if (!ActivitySpans.MayMatter(activity) || PlaceOf(activity) is { IsDone: true })
        {
            return;
        }

        var node = PlaceOf(activity) is { IsCovered: true } ? null : Look(activity, isEnd: true);
        if (node is { Role: not SpanRole.Http })
        {
            InterestOf(activity.Source).IsTelling = true;
            if (options.SetsAttributes)
            {
                RolloutTags.Set(activity, node);
            }

            if (node.Reading.Chat is { Content.IsCaptured: false })
            {
                options.ContentIsMissing(activity.Source.Name);
            }
        }

        if (!options.KeepsContent)
        {
            ContentAttributes.Strip(activity);
        }
    }

    /// <summary>Ends the rollouts in which nothing has happened since then.</summary>
    public void EndIdle(DateTimeOffset since)
    {
        lock (gate)
        {
            mapper.EndIdle(since);
        }
    }

    /// <summary>The program ends: what runs is recorded as running, everything else has ended.</summary>
    public void Complete()
    {
        foreach (var activity in Running())
        {
            try
            {
                if (!activity.IsStopped && !RolloutBoundary.IsRecorded(activity) && PlaceOf(activity) is not { IsCovered: true }
                    && ActivitySpans.MayMatter(activity) && Look(activity, isEnd: false) is { } node)
                {
                    lock (gate)
                    {
                        mapper.Leave(node);
                    }
                }
            }
            catch (InvalidOperationException)
            {
                // Somebody else works on the span at this moment.
            }
        }

        lock (gate)
        {
            if (!isComplete)
            {
                isComplete = true;
                mapper.EndAll();
            }
        }
    }

    // What a tool sends may reach an agent, which then knows this span for its caller.
    private void NoteOutgoing(Activity activity)
    {
        var depth = 0;
        for (var ancestor = activity.Parent; ancestor is not null && depth < MaxDepth && !RolloutBoundary.IsRecorded(ancestor); ancestor = ancestor.Parent, depth++)
        {
            if (!IsTelling(ancestor.Source))
            {
                continue;
            }

            if (PlaceOf(ancestor) is not ({ IsCovered: true } or { IsDone: true }) && Look(ancestor, isEnd: false, isGoingOut: true) is { Role: SpanRole.Tool } tool)
            {
                var span = new SpanReference { TraceId = activity.TraceId.ToHexString(), SpanId = activity.SpanId.ToHexString() };
                lock (gate)
                {
                    mapper.Outgoing(tool, span, new DateTimeOffset(activity.StartTimeUtc));
                }
            }

            return;
        }
    }

    private IReadOnlyList<Activity> Running()
    {
        lock (gate)
        {
            return isComplete ? [] : open.All;
        }
    }

    private bool IsTelling(ActivitySource source) => InterestOf(source).IsTelling;

    private ActivityPlace? PlaceOf(Activity activity) => activity.GetCustomProperty(property) as ActivityPlace;

    // Reads the span and those above it that have not been looked at, and tells what is new.
    private SpanNode? Look(Activity activity, bool isEnd, bool isGoingOut = false)
    {
        var known = PlaceOf(activity)?.Node;
        var reading = SpanReading.Of(ActivitySpans.Of(activity, options.Resource()), known?.Reading);
        if (reading.Role == SpanRole.None || (reading.Role == SpanRole.Http && !isEnd))
        {
            return null;
        }

        var above = Above(activity);
        if (reading.Role == SpanRole.Http && above.Count == 0)
        {
            return null;
        }

        if (above.Count > 0 && above[^1].Boundary is { } handle && !handle.Rollout.IsToldBy(this, options.Destination))
        {
            return null;
        }

        lock (gate)
        {
            var parent = NodesOf(above, activity);
            if (reading.Role == SpanRole.Http && parent is null)
            {
                return null;
            }

            var node = NodeOf(activity, reading, parent);
            if (isEnd)
            {
                PlaceOf(activity)!.IsDone = true;
                seen++;
                mapper.End(node);
            }
            else if (node.Role != SpanRole.Chat || isGoingOut)
            {
                // What starts below a request may be the same request, told again by who makes it. What is no such span goes out.
                mapper.Start(node);
            }

            return node;
        }
    }

    // Those above a span that matter or may, with what they say by now, the nearest first, up to one that is known.
    private List<(Activity Activity, SpanReading? Reading, RolloutBoundary? Boundary)> Above(Activity activity)
    {
        var above = new List<(Activity, SpanReading?, RolloutBoundary?)>();
        var depth = 0;
        for (var ancestor = activity.Parent; ancestor is not null && depth < MaxDepth; ancestor = ancestor.Parent, depth++)
        {
            if (RolloutBoundary.Of(ancestor) is { TurnId: not null } boundary && PlaceOf(ancestor)?.Node is not { IsHandle: true })
            {
                above.Add((ancestor, null, boundary));
                break;
            }

            if (PlaceOf(ancestor)?.Node is not null)
            {
                above.Add((ancestor, null, null));
                break;
            }

            if (PlaceOf(ancestor) is not { IsCovered: true } && !RolloutBoundary.IsRecorded(ancestor) && ActivitySpans.MayMatter(ancestor) && SpanReading.Of(ActivitySpans.Of(ancestor, options.Resource())) is { Role: not (SpanRole.None or SpanRole.Http) } reading)
            {
                above.Add((ancestor, reading, null));
            }
        }

        return above;
    }

    private SpanNode? NodesOf(List<(Activity Activity, SpanReading? Reading, RolloutBoundary? Boundary)> above, Activity below)
    {
        var topmost = above.Count > 0 ? above[^1].Activity : below;
        var parent = topmost.Parent is null && topmost.ParentSpanId != default && PlaceOf(topmost)?.Node is null
            ? recent.Find(new SpanKey(topmost.TraceId.ToHexString(), topmost.ParentSpanId.ToHexString()))
            : null;
        for (var i = above.Count - 1; i >= 0; i--)
        {
            var (activity, reading, boundary) = above[i];
            parent = boundary is { } handle ? Keep(activity, HandleNodes.Of(mapper, activity, handle))
                : PlaceOf(activity)?.Node ?? NodeOf(activity, reading!, parent);
            mapper.Begin(parent);
        }

        return parent;
    }

    private SpanNode NodeOf(Activity activity, SpanReading reading, SpanNode? parent)
    {
        if (PlaceOf(activity)?.Node is { } known)
        {
            if (!known.HasEnded)
            {
                known.Reading = reading;
            }

            return known;
        }

        return Keep(activity, new SpanNode(reading, parent));
    }

    private SpanNode Keep(Activity activity, SpanNode node)
    {
        activity.SetCustomProperty(property, new ActivityPlace { Node = node });
        if (node.Role is not SpanRole.Http)
        {
            recent.Add(node);
        }

        return node;
    }
}
