using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Replay.Chat;

/// <summary>Lets answers take the time that they took.</summary>
internal static class Pace
{
    /// <summary>Waits for a share of an answer's time.</summary>
    public static Task Wait(RecordedAnswer answer, ReplayOptions options, int of, CancellationToken cancellation) =>
        options.Speed > 0 && answer.Duration > TimeSpan.Zero
            ? Task.Delay(answer.Duration / options.Speed / Math.Max(1, of), options.Time, cancellation)
            : Task.CompletedTask;
}
