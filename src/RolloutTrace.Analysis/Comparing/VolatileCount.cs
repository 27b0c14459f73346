namespace RolloutTrace.Analysis.Comparing;

/// <summary>How often something was not the same that is never the same in two runs, and was not taken for a difference.</summary>
/// <param name="What">What it is: <c>id</c>, <c>time</c>, <c>duration</c>, <c>temporary_name</c>, <c>port</c>, <c>encrypted</c>, or a pattern of the user's.</param>
/// <param name="Count">How often, from 1.</param>
public sealed record VolatileCount(string What, int Count);
