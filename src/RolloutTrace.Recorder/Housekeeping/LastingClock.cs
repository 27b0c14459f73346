namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>
/// The time of day, of which a jump ahead counts when it has lasted: by a clock that is set wrong for a moment everything is too old. What
/// goes back counts at once. Not safe for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LastingClock(TimeProvider time)
{
    /// <summary>How far a clock may run ahead of the time that has passed, between two looks at it, and be no jump.</summary>
    public static readonly TimeSpan Drift = TimeSpan.FromMinutes(5);

    /// <summary>How long a jump ahead has to last.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromHours(1);

    private DateTimeOffset told = time.GetUtcNow();
    private long toldAt = time.GetTimestamp();
    private long? jumpedAt;

    /// <summary>The time of day.</summary>
    public DateTimeOffset GetUtcNow()
    {
        var (now, at) = (time.GetUtcNow(), time.GetTimestamp());
        var expected = told + time.GetElapsedTime(toldAt, at);
        if (now - expected > Drift)
        {
            jumpedAt ??= at;
            if (time.GetElapsedTime(jumpedAt.Value, at) < Lasting)
            {
                return expected;
            }
        }

        (told, toldAt, jumpedAt) = (now, at, null);
        return now;
    }
}
