namespace RolloutTrace.GenAI.Files;

/// <summary>Where a span lies that was put aside.</summary>
internal readonly record struct SpoolPlace(long Offset, int Length);
