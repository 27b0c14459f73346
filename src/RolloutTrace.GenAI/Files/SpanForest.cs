using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Files;

/// <summary>
/// Spans as they come, and the trees that they make: of those that matter all is kept, of the others only where they hang. Each may
/// come again, and its parent later or never. What is more than fits into memory is put aside on the disk.
/// </summary>
/// <param name="inMemory">How much of spans is kept in memory, roughly in bytes.</param>
internal sealed class SpanForest(long inMemory = SpanForest.DefaultInMemory)
{
    /// <summary>How much of spans is kept in memory where nobody says otherwise.</summary>
    public const long DefaultInMemory = 32 << 20;

    private const int MaxDepth = 512;
    private const int MaxKinds = 64;
    private const int MaxKindLength = 64;

    private readonly Dictionary<SpanKey, KeptSpan> kept = [];
    private readonly Dictionary<SpanKey, string> others = [];
    private readonly Dictionary<SpanKey, List<KeptEvent>> logged = [];
    private readonly Dictionary<string, int> notRecorded = new(StringComparer.Ordinal);
    private readonly SpanSpool spool = new();
    private long held;
    private string lastTraceId = "";

    /// <summary>How many spans matter.</summary>
    public int Count => kept.Count;

    /// <summary>How many spans did not.</summary>
    public int OtherCount => others.Count;

    /// <summary>How many events were logged for spans that did not come; known when the trees have been made.</summary>
    public int LostEvents { get; private set; }

    /// <summary>How many of those say that they are of a kind, by the kind.</summary>
    public IReadOnlyDictionary<string, int> NotRecorded => notRecorded;

    public void Add(ForeignSpan span)
    {
        // Spans of a trace mostly come together, and each with a text of its own for it.
        lastTraceId = span.TraceId == lastTraceId ? lastTraceId : span.TraceId;
        var key = new SpanKey(lastTraceId, span.SpanId);
        if (kept.TryGetValue(key, out var known) && (known.End is not null || span.End is null))
        {
            return;
        }

        var role = SpanReading.RoleOf(span, out var kind);
        if (role != SpanRole.None)
        {
            kept[key] = Keep(span with { TraceId = lastTraceId }, role);
        }
        else
        {
            if (others.TryAdd(key, span.ParentSpanId ?? string.Empty))
            {
                CountKind(kind);
            }
        }
    }

    private void CountKind(string? kind)
    {
        if (kind is not null && (notRecorded.ContainsKey(kind) || notRecorded.Count < MaxKinds))
        {
            kind = kind.Length > MaxKindLength ? kind[..MaxKindLength] : kind;
            notRecorded[kind] = notRecorded.GetValueOrDefault(kind) + 1;
        }
    }

    /// <summary>An event that was logged for a span, which may come before or after.</summary>
    public void AddEvent(SpanKey span, SpanEvent happened)
    {
        if (!logged.TryGetValue(span, out var events))
        {
            logged.Add(span, events = []);
        }

        if (held >= inMemory && spool.TryPut(KeptEvent.Around(span, happened), out var place))
        {
            events.Add(new KeptEvent(happened.Time, null, spool, place));
            return;
        }

        held += SizeOf(happened.Attributes);
        events.Add(new KeptEvent(happened.Time, happened, null, default));
    }

    /// <summary>The spans that matter, each below the nearest one that does.</summary>
    public List<SpanNode> Build()
    {
        var missing = AddMissing();
        foreach (var (key, events) in logged)
        {
            if (!missing.Contains(key) && kept.TryGetValue(key, out var span))
            {
                kept[key] = span.With(events);
            }
            else if (!others.ContainsKey(key))
            {
                LostEvents += KeptEvent.InOrder(events).Count();
            }
        }

        var nodes = new Dictionary<SpanKey, SpanNode>(kept.Count);
        var path = new Stack<KeptSpan>();
        foreach (var (key, first) in kept)
        {
            if (nodes.ContainsKey(key))
            {
                continue;
            }

            SpanNode? above = null;
            var onPath = new HashSet<SpanKey>();
            for (var span = first; span is not null;)
            {
                path.Push(span);
                onPath.Add(span.Key);
                var parent = ParentOf(span, out var parentKey);
                if (parent is not null && nodes.TryGetValue(parentKey, out above))
                {
                    break;
                }

                // A circle is no tree: who comes first is on top.
                span = parent is null || onPath.Contains(parentKey) ? null : parent;
            }

            while (path.TryPop(out var span))
            {
                for (; above is { Depth: >= MaxDepth }; above = above.Parent)
                {
                }

                above = new SpanNode(span, above);
                nodes[span.Key] = above;
            }
        }

        foreach (var node in nodes.Values)
        {
            if (node.Role == SpanRole.Chat && SpanMapper.OuterRequest(node) is { } outer)
            {
                outer.HasInner = true;
            }
        }

        AgentGroups.Mark(nodes.Values, node => missing.Contains(node.Key));
        return [.. nodes.Values];
    }

    /// <summary>Puts aside what a thread is remembered by, if spans are put aside too.</summary>
    public void PutAside(IReadOnlyList<ModelItem> history)
    {
        if (held >= inMemory)
        {
            foreach (var item in history)
            {
                item.PutAside(spool);
            }
        }
    }

    /// <summary>Lets go of what was put aside.</summary>
    public void Close() => spool.Close();

    private KeptSpan Keep(ForeignSpan span, SpanRole role)
    {
        if (held >= inMemory && spool.TryPut(span, out var place))
        {
            return new KeptSpan(span, role, spool, place);
        }

        held += SizeOf(span.Attributes) + span.Events.Sum(static happened => SizeOf(happened.Attributes));
        return new KeptSpan(SpanReading.Of(span));
    }

    // What is read from a text takes about as much again.
    private static long SizeOf(IReadOnlyList<SpanTag> tags)
    {
        var size = 0L;
        foreach (var tag in tags)
        {
            size += 64 + (tag.Value is string text ? 4L * text.Length : 64);
        }

        return size;
    }

    // A parent that never came was there all the same; it started no later than what is below it.
    private HashSet<SpanKey> AddMissing()
    {
        var missing = new Dictionary<SpanKey, KeptSpan>();
        foreach (var span in kept.Values)
        {
            var key = new SpanKey(span.Key.TraceId, span.ParentSpanId ?? string.Empty);
            if (!string.IsNullOrEmpty(span.ParentSpanId) && span.Role != SpanRole.Http && !kept.ContainsKey(key) && !others.ContainsKey(key)
                && (!missing.TryGetValue(key, out var known) || span.Start < known.Start))
            {
                missing[key] = span;
            }
        }

        foreach (var (key, below) in missing)
        {
            kept[key] = new KeptSpan(SpanReading.OfMissing(below.Read().Span));
        }

        return [.. missing.Keys];
    }

    private KeptSpan? ParentOf(KeptSpan span, out SpanKey key)
    {
        key = default;
        var id = span.ParentSpanId;
        for (var steps = 0; !string.IsNullOrEmpty(id) && steps < MaxDepth; steps++)
        {
            key = new SpanKey(span.Key.TraceId, id);
            if (kept.TryGetValue(key, out var parent))
            {
                return parent;
            }

            id = others.GetValueOrDefault(key);
        }

        return null;
    }
}
