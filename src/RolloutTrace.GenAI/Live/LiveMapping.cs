using RolloutTrace.Callers;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Live;

/// <summary>
/// Reads what was taken of spans, in the order in which it was taken, into rollouts: on a thread of its own, or on that of somebody
/// who has to know what came of it. Safe for concurrent use. What goes wrong with a span stays with it.
/// </summary>
internal sealed class LiveMapping
{
    // Who only wants to know where a span belongs reads no more than so many before it.
    private const int MostForOne = 512;
    private const int LongestWaitMilliseconds = 100;

    private readonly Lock gate = new();
    private readonly LiveSpanOptions options;
    private readonly TakenSpans taken = new();
    private readonly SpanMapper mapper;
    private readonly RecentTurns recent = new();
    private volatile bool isComplete;
    private long seen;
    private long read;
    private long waitedInVainAt = -1;

    public LiveMapping(LiveSpanOptions options, IGenAIRolloutOpener opener)
    {
        this.options = options;
        mapper = new SpanMapper(options.Threads, opener, static () => ProcessCaller.Take()?.ToReference()) { TurnOf = link => recent.Find(new SpanKey(link.TraceId, link.SpanId))?.In };
    }

    /// <summary>How many spans have meant something.</summary>
    public long Seen => Volatile.Read(ref seen);

    /// <summary>Is called when there is something to read.</summary>
    public Action Added { get; set; } = static () => { };

    /// <summary>Whether there is nothing to read.</summary>
    public bool IsIdle => taken.Count == 0;

    /// <summary>
    /// Adds a span. Where too many wait, it reads two of them first, so that they become no more; if that cannot be done in time, the
    /// span is given up.
    /// </summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(TakenSpan span)
    {
        if (isComplete)
        {
            return false;
        }

        if (taken.IsFull && !gate.IsHeldByCurrentThread && !TryRead(2))
        {
            span.Place.IsAwaited = false;
            options.IsGivenUp(span.Span.SourceName);
            return false;
        }

        taken.Add(span);
        Added();
        return true;
    }

    /// <summary>Reads all that was added before, for somebody who only wants to know where a span belongs: not if that would take long.</summary>
    public bool TryReadForOne() => !gate.IsHeldByCurrentThread && taken.Count <= MostForOne && TryRead(int.MaxValue);

    /// <summary>Reads one span, if there is one.</summary>
    /// <returns>Whether there was.</returns>
    public bool ReadOne()
    {
        lock (gate)
        {
            return Read(1);
        }
    }

    /// <summary>Does something while nothing is read; all that was added before has been.</summary>
    public void Between(Action<SpanMapper> action)
    {
        lock (gate)
        {
            Read(int.MaxValue);
            action(mapper);
        }
    }

    /// <summary>Reads all that was added before.</summary>
    /// <param name="milliseconds">How long at most; -1 for as long as it takes.</param>
    /// <returns>Whether all of it was.</returns>
    public bool TryReadAll(int milliseconds)
    {
        if (gate.IsHeldByCurrentThread)
        {
            return false;
        }

        var began = Environment.TickCount64;
        if (!gate.TryEnter(milliseconds))
        {
            return false;
        }

        try
        {
            var isInTime = true;
            while (isInTime && Read(1))
            {
                isInTime = milliseconds < 0 || Environment.TickCount64 - began < milliseconds;
            }

            return isInTime || taken.Count == 0;
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Nothing more is added: what has been is read, and what does not run has ended. What cannot be read in time is given up.</summary>
    /// <param name="milliseconds">How long it may take; -1 for as long as it takes.</param>
    public void Complete(int milliseconds)
    {
        var isRead = TryReadAll(milliseconds);
        isComplete = true;
        if (isRead)
        {
            lock (gate)
            {
                mapper.EndAll();
            }
        }

        while (taken.TryTake(out var left))
        {
            options.IsGivenUp(left.Span.SourceName);
        }
    }

    // The gate is not waited for again before something has moved.
    private bool TryRead(int most)
    {
        var before = Volatile.Read(ref read);
        if (!gate.TryEnter(Volatile.Read(ref waitedInVainAt) == before ? 0 : LongestWaitMilliseconds))
        {
            Volatile.Write(ref waitedInVainAt, before);
            return false;
        }

        try
        {
            Read(most);
            return true;
        }
        finally
        {
            gate.Exit();
        }
    }

    private bool Read(int most)
    {
        var any = false;
        for (var i = 0; i < most && taken.TryTake(out var span); i++)
        {
            any = true;
            try
            {
                Map(span);
            }
            catch (Exception e)
            {
                options.Contain(e);
            }

            Volatile.Write(ref read, read + 1);
        }

        return any;
    }

    private void Map(TakenSpan span)
    {
        span.Place.IsAwaited = false;
        var reading = SpanReading.Of(span.Span, span.Place.Node?.Reading);
        if (reading.Role == SpanRole.None || (reading.Role == SpanRole.Http && (!span.IsEnd || span.Above.Count == 0)))
        {
            return;
        }

        if (span.Above.Count > 0 && span.Above[^1].Boundary is { } handle && !handle.Rollout.IsToldBy(this, options.Destination))
        {
            return;
        }

        var parent = NodesOf(span);
        if (reading.Role == SpanRole.Http && parent is null)
        {
            return;
        }

        var node = NodeOf(span.Place, reading, parent);
        if (span.IsEnd)
        {
            seen++;
            mapper.End(node);
            Tell(span, node);
        }
        else if (node.Role != SpanRole.Chat || span.IsGoingOut)
        {
            // What starts below a request may be the same request, told again by who makes it. What is no such span goes out.
            mapper.Start(node);
        }

        if (span.Outgoing is { } outgoing && node.Role == SpanRole.Tool)
        {
            mapper.Outgoing(node, outgoing, span.OutgoingTime);
        }

        if (span.IsLeft)
        {
            mapper.Leave(node);
        }
    }

    private void Tell(TakenSpan span, SpanNode node)
    {
        if (node.Role == SpanRole.Http)
        {
            return;
        }

        if (!span.Source.IsTelling)
        {
            span.Source.IsTelling = true;
        }

        if (node.Reading.Chat is { Content.IsCaptured: false })
        {
            options.ContentIsMissing(span.Span.SourceName);
        }
    }

    private SpanNode? NodesOf(TakenSpan span)
    {
        var parent = span.Outside is { } outside ? recent.Find(outside) : null;
        for (var i = span.Above.Count - 1; i >= 0; i--)
        {
            var (place, said, boundary) = span.Above[i];
            if (boundary is { } handle)
            {
                parent = place.Node is { IsHandle: true } ? place.Node : Keep(place, HandleNodes.Of(mapper, said!, handle));
            }
            else if (place.Node is { } known)
            {
                parent = known;
            }
            else if (SpanReading.Of(said!) is { Role: not (SpanRole.None or SpanRole.Http) } reading)
            {
                parent = Keep(place, new SpanNode(reading, parent));
            }
            else
            {
                continue;
            }

            mapper.Begin(parent);
        }

        return parent;
    }

    private SpanNode NodeOf(ActivityPlace place, SpanReading reading, SpanNode? parent)
    {
        if (place.Node is not { } known)
        {
            return Keep(place, new SpanNode(reading, parent));
        }

        if (!known.HasEnded)
        {
            known.Reading = reading;
        }

        return known;
    }

    private SpanNode Keep(ActivityPlace place, SpanNode node)
    {
        if (node.Role is not SpanRole.Http)
        {
            recent.Add(node);
        }

        return place.Node = node;
    }
}
