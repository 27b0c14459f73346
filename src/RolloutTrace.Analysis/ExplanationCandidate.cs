namespace RolloutTrace.Analysis;

/// <summary>A thing that a part of an id may mean.</summary>
/// <param name="Id">The id, or other name, that holds the part.</param>
/// <param name="Kind">What the thing is, such as <c>tool_call</c>.</param>
public sealed record ExplanationCandidate(string Id, string Kind);
