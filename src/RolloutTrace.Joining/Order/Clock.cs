namespace RolloutTrace.Joining.Order;

/// <summary>Reckons with wall clocks that may be anything.</summary>
internal static class Clock
{
    public static long Add(long time, long shift)
    {
        var sum = unchecked(time + shift);
        return ((time ^ sum) & (shift ^ sum)) < 0 ? time < 0 ? long.MinValue : long.MaxValue : sum;
    }

    /// <summary>How much later one time is than another.</summary>
    public static long Between(long from, long to) => Add(to, from == long.MinValue ? long.MaxValue : -from);
}
