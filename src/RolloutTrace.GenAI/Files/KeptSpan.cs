using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Files;

/// <summary>A span of a file until it is its turn: what its order and its place follow from, and the rest in memory or where it was put aside.</summary>
internal sealed class KeptSpan
{
    private readonly SpanReading? reading;
    private readonly SpanSpool? spool;
    private readonly SpoolPlace place;
    private readonly IReadOnlyList<KeptEvent> logged = [];

    /// <summary>A span that is kept in memory.</summary>
    public KeptSpan(SpanReading reading)
        : this(reading.Span, reading.Role) => this.reading = reading;

    /// <summary>A span that was put aside.</summary>
    public KeptSpan(ForeignSpan span, SpanRole role, SpanSpool spool, SpoolPlace place)
        : this(span, role) => (this.spool, this.place) = (spool, place);

    private KeptSpan(KeptSpan span, IReadOnlyList<KeptEvent> logged)
    {
        (reading, spool, place, this.logged) = (span.reading, span.spool, span.place, logged);
        (Key, ParentSpanId, Role, Start, End, Links) = (span.Key, span.ParentSpanId, span.Role, span.Start, span.End, span.Links);
    }

    private KeptSpan(ForeignSpan span, SpanRole role)
    {
        Key = new SpanKey(span.TraceId, span.SpanId);
        ParentSpanId = span.ParentSpanId;
        (Role, Start, End) = (role, span.Start, span.End);
        Links = span.Links.Count == 0 ? [] : span.Links;
    }

    public SpanKey Key { get; }

    public string? ParentSpanId { get; }

    public SpanRole Role { get; }

    public DateTimeOffset Start { get; }

    public DateTimeOffset? End { get; }

    public IReadOnlyList<SpanLink> Links { get; }

    /// <summary>Whether it has to be fetched from where it was put aside.</summary>
    public bool IsAside => reading is null || logged.Count > 0;

    /// <summary>The same span with what was logged for it.</summary>
    public KeptSpan With(IReadOnlyList<KeptEvent> events) => new(this, events);

    /// <summary>What it says.</summary>
    /// <exception cref="IOException">It was put aside, and cannot be had from there.</exception>
    public SpanReading Read()
    {
        if (logged.Count == 0)
        {
            return reading ?? SpanReading.Of(spool!.Get(place));
        }

        var span = reading?.Span ?? spool!.Get(place);
        return SpanReading.Of(span with { Events = [.. span.Events, .. KeptEvent.InOrder(logged)] });
    }
}
