using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Files;

/// <summary>A span of a file until it is its turn: what its order and its place follow from, and the rest in memory or where it was put aside.</summary>
internal sealed class KeptSpan
{
    private readonly SpanReading? reading;
    private readonly SpanSpool? spool;
    private readonly SpoolPlace place;

    /// <summary>A span that is kept in memory.</summary>
    public KeptSpan(SpanReading reading)
        : this(reading.Span, reading.Role) => this.reading = reading;

    /// <summary>A span that was put aside.</summary>
    public KeptSpan(ForeignSpan span, SpanRole role, SpanSpool spool, SpoolPlace place)
        : this(span, role) => (this.spool, this.place) = (spool, place);

    private KeptSpan(ForeignSpan span, SpanRole role)
    {
        Key = new SpanKey(span.TraceId, span.SpanId);
        ParentSpanId = span.ParentSpanId;
        (Role, Start, End) = (role, span.Start, span.End);
        Links = span.Links;
    }

    public SpanKey Key { get; }

    public string? ParentSpanId { get; }

    public SpanRole Role { get; }

    public DateTimeOffset Start { get; }

    public DateTimeOffset? End { get; }

    public IReadOnlyList<SpanLink> Links { get; }

    /// <summary>Whether it has to be fetched from where it was put aside.</summary>
    public bool IsAside => reading is null;

    /// <summary>What it says.</summary>
    /// <exception cref="IOException">It was put aside, and cannot be had from there.</exception>
    public SpanReading Read() => reading ?? SpanReading.Of(spool!.Get(place));
}
