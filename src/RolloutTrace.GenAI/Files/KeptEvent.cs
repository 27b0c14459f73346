using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Files;

/// <summary>An event that was logged for a span, in memory or where it was put aside.</summary>
/// <param name="Time">When it was.</param>
/// <param name="Event">The event; null if it was put aside.</param>
/// <param name="Spool">Where it was put aside.</param>
/// <param name="Place">Where it is there.</param>
internal readonly record struct KeptEvent(DateTimeOffset Time, SpanEvent? Event, SpanSpool? Spool, SpoolPlace Place)
{
    /// <summary>A span that has nothing but the event: what is put aside.</summary>
    public static ForeignSpan Around(SpanKey span, SpanEvent happened) => new() { TraceId = span.TraceId, SpanId = span.SpanId, Start = happened.Time, Events = [happened] };

    /// <summary>The event.</summary>
    /// <exception cref="IOException">It was put aside, and cannot be had from there.</exception>
    public SpanEvent Read() => Event ?? Spool!.Get(Place).Events[0];

    /// <summary>All of them in order of time; one that came more than once is there once.</summary>
    public static IEnumerable<SpanEvent> InOrder(IReadOnlyList<KeptEvent> events)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var happened in events.OrderBy(static e => e.Time).Select(static e => e.Read()))
        {
            var attributes = happened.Attributes.Select(static tag => $"{tag.Name}\0{Reading.JsonValue.Text(tag.Value)}");
            if (seen.Add($"{happened.Time.UtcTicks}\0{happened.Name}\0{string.Join('\0', attributes)}"))
            {
                yield return happened;
            }
        }
    }
}
