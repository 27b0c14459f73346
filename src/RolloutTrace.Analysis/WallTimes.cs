namespace RolloutTrace.Analysis;

/// <summary>Times of the wall clock, which may step back.</summary>
internal static class WallTimes
{
    /// <summary>Milliseconds from one time to a later one; null if one is not known, and where the clock stepped back so that nobody knows.</summary>
    public static long? Between(long? startUnixMs, long? endUnixMs) =>
        startUnixMs is { } start && endUnixMs is { } end && end >= start && end - start is >= 0 and var duration ? duration : null;
}
