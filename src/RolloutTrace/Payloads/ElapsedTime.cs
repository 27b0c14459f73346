namespace RolloutTrace.Payloads;

/// <summary>A length of time as the format has it.</summary>
internal readonly record struct ElapsedTime(long Secs, int Nanos)
{
    public static ElapsedTime Of(TimeSpan elapsed) =>
        new(elapsed.Ticks / TimeSpan.TicksPerSecond, (int)(elapsed.Ticks % TimeSpan.TicksPerSecond) * 100);
}
