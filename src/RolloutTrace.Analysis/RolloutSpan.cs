using RolloutTrace.Analysis.Exporting;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>A span of a rollout, as the live instrumentation would have exported it.</summary>
public sealed record RolloutSpan
{
    /// <summary>The span's ids: those of the recording where it has them, else derived from the rollout and what the span stands for.</summary>
    public required SpanReference Reference { get; init; }

    /// <summary>
    /// The parent. That of a turn is a span outside the rollout, such as an incoming request's, if the turn was started inside one. Null
    /// for a session, for other turns, and where the parent is not known.
    /// </summary>
    public SpanReference? Parent { get; init; }

    /// <summary>The span's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a call to something outside; else it is internal.</summary>
    public bool IsClient { get; init; }

    /// <summary>
    /// When it started, in nanoseconds since the Unix epoch. The log has milliseconds; inside of one, what happened first is earlier by some
    /// nanoseconds.
    /// </summary>
    public required long StartUnixNs { get; init; }

    /// <summary>When it ended, in nanoseconds since the Unix epoch, later than its start; of one that never did, the time of the last event.</summary>
    public required long EndUnixNs { get; init; }

    /// <summary>Whether it failed.</summary>
    public bool IsError { get; init; }

    /// <summary>The error's words; null unless it failed, spans are to have content, and somebody says why.</summary>
    public string? StatusDescription { get; init; }

    /// <summary>The exception by which it failed; null if it was none, if spans are to have no content, and if nobody recorded it.</summary>
    public RolloutSpanFailure? Exception { get; init; }

    /// <summary>Attributes in the order of their names; values are strings, booleans, 64-bit integers, doubles and arrays of strings.</summary>
    public required IReadOnlyDictionary<string, object> Attributes { get; init; }

    /// <summary>Links, the one that places a span without parent first.</summary>
    public IReadOnlyList<RolloutSpanLink> Links { get; init; } = [];

    /// <summary>
    /// The same span with no text in its attributes, name or status longer than that, for receivers that take no more. Text that is JSON stays JSON.
    /// </summary>
    /// <param name="maxBytes">The most bytes of UTF-8 of one text; at least 16.</param>
    public RolloutSpan Cut(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, TextCut.SmallestLimit);
        return this with
        {
            Name = TextCut.Of(Name, maxBytes),
            StatusDescription = StatusDescription is null ? null : TextCut.Of(StatusDescription, maxBytes),
            Attributes = Attributes.ToDictionary(
                static attribute => attribute.Key,
                attribute => attribute.Value switch
                {
                    string text => TextCut.Of(text, maxBytes),
                    string[] texts when Array.Exists(texts, text => text.Length > maxBytes / 3) => Array.ConvertAll(texts, text => TextCut.Of(text, maxBytes)),
                    var other => other,
                },
                StringComparer.Ordinal),
        };
    }
}

/// <summary>Why a span happened, where parenthood does not say it.</summary>
public sealed record RolloutSpanLink
{
    /// <summary>The kind of link.</summary>
    public required RolloutSpanLinkKind Kind { get; init; }

    /// <summary>The span it points to.</summary>
    public required SpanReference Target { get; init; }

    /// <summary>The delivery that it stands for, if it stands for one.</summary>
    public string? EdgeId { get; init; }
}
