namespace RolloutTrace.Collecting.Journal;

/// <summary>Where the body of a frame is in the journal.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct Extent(long Offset, int Length);
