using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Files;

/// <summary>
/// Spans as they come, and the trees that they make: of those that matter all is kept, of the others only where they hang. Each may
/// come again, and its parent later or never.
/// </summary>
internal sealed class SpanForest
{
    private const int MaxDepth = 512;

    private readonly Dictionary<SpanKey, SpanReading> readings = [];
    private readonly Dictionary<SpanKey, string> others = [];

    /// <summary>How many spans matter.</summary>
    public int Count => readings.Count;

    /// <summary>How many spans did not.</summary>
    public int OtherCount => others.Count;

    public void Add(ForeignSpan span)
    {
        var key = new SpanKey(span.TraceId, span.SpanId);
        if (readings.TryGetValue(key, out var known) && (known.Span.End is not null || span.End is null))
        {
            return;
        }

        var reading = SpanReading.Of(span);
        if (reading.Role != SpanRole.None)
        {
            readings[key] = reading;
        }
        else
        {
            others[key] = span.ParentSpanId ?? string.Empty;
        }
    }

    /// <summary>The spans that matter, each below the nearest one that does.</summary>
    public List<SpanNode> Build()
    {
        AddMissing();
        var nodes = new Dictionary<SpanKey, SpanNode>(readings.Count);
        var path = new Stack<SpanReading>();
        foreach (var (key, first) in readings)
        {
            if (nodes.ContainsKey(key))
            {
                continue;
            }

            SpanNode? above = null;
            var onPath = new HashSet<SpanKey>();
            for (var reading = first; reading is not null;)
            {
                path.Push(reading);
                onPath.Add(KeyOf(reading));
                var parent = ParentOf(reading, out var parentKey);
                if (parent is not null && nodes.TryGetValue(parentKey, out above))
                {
                    break;
                }

                // A circle is no tree: who comes first is on top.
                reading = parent is null || onPath.Contains(parentKey) ? null : parent;
            }

            while (path.TryPop(out var reading))
            {
                for (; above is { Depth: >= MaxDepth }; above = above.Parent)
                {
                }

                above = new SpanNode(reading, above);
                nodes[KeyOf(reading)] = above;
            }
        }

        foreach (var node in nodes.Values)
        {
            if (node.Role == SpanRole.Chat && SpanMapper.OuterRequest(node) is { } outer)
            {
                outer.HasInner = true;
            }
        }

        return [.. nodes.Values];
    }

    // A parent that never came was there all the same; it started no later than what is below it.
    private void AddMissing()
    {
        var missing = new Dictionary<SpanKey, SpanReading>();
        foreach (var reading in readings.Values)
        {
            var span = reading.Span;
            var key = new SpanKey(span.TraceId, span.ParentSpanId ?? string.Empty);
            if (!string.IsNullOrEmpty(span.ParentSpanId) && reading.Role != SpanRole.Http && !readings.ContainsKey(key) && !others.ContainsKey(key)
                && (!missing.TryGetValue(key, out var known) || span.Start < known.Span.Start))
            {
                missing[key] = SpanReading.OfMissing(span);
            }
        }

        foreach (var (key, reading) in missing)
        {
            readings[key] = reading;
        }
    }

    private static SpanKey KeyOf(SpanReading reading) => new(reading.Span.TraceId, reading.Span.SpanId);

    private SpanReading? ParentOf(SpanReading reading, out SpanKey key)
    {
        key = default;
        var id = reading.Span.ParentSpanId;
        for (var steps = 0; !string.IsNullOrEmpty(id) && steps < MaxDepth; steps++)
        {
            key = new SpanKey(reading.Span.TraceId, id);
            if (readings.TryGetValue(key, out var parent))
            {
                return parent;
            }

            id = others.GetValueOrDefault(key);
        }

        return null;
    }
}
