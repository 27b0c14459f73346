namespace RolloutTrace.Collecting.Assembling;

/// <summary>Which event it is, and when it was.</summary>
/// <param name="Seq">Its seq.</param>
/// <param name="WallTimeUnixMs">When, in milliseconds since the Unix epoch.</param>
internal readonly record struct EventMoment(long Seq, long WallTimeUnixMs);
