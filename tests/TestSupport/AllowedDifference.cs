namespace RolloutTrace.TestSupport;

/// <summary>Something that a span made from a bundle need not have in common with the one that the process had.</summary>
/// <param name="Name">What it is, and why it cannot be otherwise.</param>
/// <param name="Leave">Takes it out of both, where it applies, so that all else is compared. Null: the span may be on one side alone.</param>
internal sealed record AllowedDifference(string Name, Func<SpanPair, SpanPair?> Leave);
