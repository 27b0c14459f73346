namespace RolloutTrace.GenAI.Live;

/// <summary>A span above another one.</summary>
/// <param name="Place">What is known of it.</param>
/// <param name="Span">What it said when it was taken; null where it has been read before.</param>
/// <param name="Boundary">The handle whose span it is; null if it is none's.</param>
internal readonly record struct SpanAbove(ActivityPlace Place, ForeignSpan? Span, RolloutBoundary? Boundary);
