namespace RolloutTrace.Analysis.Comparing;

/// <summary>What each of two runs came to.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
public sealed record OutcomePair(RolloutOutcome A, RolloutOutcome B);
