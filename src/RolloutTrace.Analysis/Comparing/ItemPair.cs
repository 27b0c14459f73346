namespace RolloutTrace.Analysis.Comparing;

/// <summary>Items at the same place of two requests that do not say the same.</summary>
/// <param name="A">The item of the first; null where only the second has one.</param>
/// <param name="B">The item of the second; null where only the first has one.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="IsConsequence">Whether one of them follows from what the model chose, whatever else is known.</param>
/// <param name="Name">Of an output, the tool's name; null where nothing says it, and for other items.</param>
internal sealed record ItemPair(string? A, string? B, DifferenceSource Source, bool IsConsequence, string? Name);
