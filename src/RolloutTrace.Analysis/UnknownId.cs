namespace RolloutTrace.Analysis;

/// <summary>An id that was asked for, and means nothing, or more than one thing.</summary>
/// <param name="Id">What was asked for.</param>
/// <param name="Candidates">What it may mean, some of many; empty if it means nothing.</param>
public sealed record UnknownId(string Id, IReadOnlyList<ExplanationCandidate> Candidates);
