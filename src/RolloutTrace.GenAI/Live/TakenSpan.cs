using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Live;

/// <summary>What was taken of a span at a moment, with those above it that are not known yet, to be read later.</summary>
internal sealed class TakenSpan
{
    public required ActivityPlace Place { get; init; }

    public required ForeignSpan Span { get; init; }

    public required SourceInterest Source { get; init; }

    /// <summary>Whether it has ended; else something below it has started.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Whether what has started below it is not of those that matter: then a request goes out.</summary>
    public bool IsGoingOut { get; init; }

    /// <summary>What leaves the process below it; null for nothing that is known of.</summary>
    public SpanReference? Outgoing { get; init; }

    /// <summary>When that started.</summary>
    public DateTimeOffset OutgoingTime { get; init; }

    /// <summary>Whether it never ends, as far as is known: the program does.</summary>
    public bool IsLeft { get; init; }

    /// <summary>Those above it that matter or may, the nearest first, up to one that is known.</summary>
    public IReadOnlyList<SpanAbove> Above { get; init; } = [];

    /// <summary>The span outside this process, or forgotten, that the topmost of them names as its parent; null for none.</summary>
    public Mapping.SpanKey? Outside { get; init; }

    /// <summary>About how many bytes it keeps alive.</summary>
    public long Size { get; init; }

    /// <summary>Whether it has to be read at once, since what it belongs to does not wait.</summary>
    public bool IsUrgent { get; init; }
}
