namespace RolloutTrace.Analysis.Exporting;

/// <summary>When a span started or ended: the time of an event in the log, and its place there.</summary>
/// <param name="UnixMs">The event's wall clock.</param>
/// <param name="Seq">The event's place in the causal order.</param>
/// <param name="Order">Of what no event of its own tells: whether it was just before the event (below 0) or just behind it.</param>
internal readonly record struct SpanMoment(long UnixMs, long Seq, int Order = 0)
{
    /// <summary>The order in time, by the wall clock first.</summary>
    public static IComparer<SpanMoment> InTime { get; } = Comparer<SpanMoment>.Create(static (one, other) =>
        one.UnixMs != other.UnixMs ? one.UnixMs.CompareTo(other.UnixMs) : one.CompareOrder(other));

    /// <summary>Compares by the causal order alone: wall clocks may step back.</summary>
    public int CompareOrder(SpanMoment other)
    {
        var bySeq = Seq.CompareTo(other.Seq);
        return bySeq != 0 ? bySeq : Order.CompareTo(other.Order);
    }
}
