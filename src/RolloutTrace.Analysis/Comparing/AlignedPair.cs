namespace RolloutTrace.Analysis.Comparing;

/// <summary>Two items that stand beside each other, or one that stands alone.</summary>
/// <param name="A">The first run's; null where it has none.</param>
/// <param name="B">The second run's; null where it has none.</param>
/// <param name="IsSame">Whether both say the same, but for what is volatile.</param>
public sealed record AlignedPair(AlignedItem? A, AlignedItem? B, bool IsSame);
