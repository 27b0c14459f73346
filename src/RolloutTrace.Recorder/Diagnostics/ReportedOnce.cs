namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Something that is said once.</summary>
internal sealed class ReportedOnce
{
    private int taken;

    /// <summary>That which is said once in a process.</summary>
    public static ReportedOnce InProcess { get; } = new();

    /// <summary>Whether it is to be said now.</summary>
    public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;
}
