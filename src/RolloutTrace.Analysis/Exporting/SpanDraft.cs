namespace RolloutTrace.Analysis.Exporting;

/// <summary>A span whose times are still those of the log.</summary>
/// <param name="Span">The span, without times.</param>
/// <param name="Start">When it started.</param>
/// <param name="End">When it ended; null if it never did.</param>
internal sealed record SpanDraft(RolloutSpan Span, SpanMoment Start, SpanMoment? End);
