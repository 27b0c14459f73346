using System.Text;
using RolloutTrace.GenAI;

namespace RolloutTrace.Receiver.Spans;

/// <summary>Where spans hang, and which of them the raw events of our own recorder tell: those that it has made or marked, and what is below one of these in the same process.</summary>
internal sealed class SpanPlaces
{
    private const int MaxDepth = 512;

    private readonly Dictionary<(string Trace, string Span), Place> places = [];

    public void Add(ForeignSpan span)
    {
        var key = (span.TraceId, span.SpanId);
        var place = new Place(span.ParentSpanId, ProcessOf(span), TraceSpans.IsOurs(span));

        // It may come twice, the first time without its attributes.
        places[key] = places.TryGetValue(key, out var known) && known.IsOurs ? known : place;
    }

    /// <summary>Whether raw events tell of it.</summary>
    public bool IsTold(ForeignSpan span)
    {
        var process = ProcessOf(span);
        var id = span.SpanId;
        for (var depth = 0; depth < MaxDepth && id is { Length: > 0 } && places.TryGetValue((span.TraceId, id), out var place) && place.Process == process; depth++)
        {
            if (place.IsOurs)
            {
                return true;
            }

            id = place.Parent;
        }

        return false;
    }

    private static string ProcessOf(ForeignSpan span)
    {
        var words = new StringBuilder();
        foreach (var tag in span.Resource)
        {
            if (tag is { Value: string value, Name: "service.name" or "service.namespace" or "service.instance.id" or "telemetry.sdk.language" or "host.name" })
            {
                words.Append(tag.Name).Append('=').Append(value).Append('\n');
            }
        }

        return words.ToString();
    }

    private sealed record Place(string? Parent, string Process, bool IsOurs);
}
