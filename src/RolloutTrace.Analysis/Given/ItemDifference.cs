namespace RolloutTrace.Analysis.Given;

/// <summary>The first item that two requests do not have in common.</summary>
/// <param name="Index">Its place among the items of both, from 0.</param>
/// <param name="Member">The way to the member that differs; empty for the whole item.</param>
/// <param name="Change">What stood there and what stands there.</param>
internal sealed record ItemDifference(int Index, string Member, TextChange Change);
