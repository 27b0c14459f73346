namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// How much of the queue rollouts take up: learned from those that are over, and expected of those that go on. Where the disk keeps
/// up that is next to nothing, however much a rollout records; where it does not, it is all that a rollout records.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class RolloutFootprints
{
    /// <summary>A rollout that has recorded nothing for so long is not expected to be about to.</summary>
    public const long IdleMilliseconds = 1000;

    // The mean of the first ones, and from then on each new one counts for a part of it.
    private const int Memory = 8;

    private int learned;
    private double expected;

    /// <summary>What a rollout is expected to hold of the queue at its most; 0 as long as nothing is known.</summary>
    public long Expected => (long)expected;

    /// <summary>A rollout is over.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="isWhole">Whether it lost nothing; one that did would have needed more.</param>
    public void Learn(RolloutPlace place, bool isWhole)
    {
        var most = place.MostHeld;
        if (isWhole || most > expected)
        {
            learned = Math.Min(learned + 1, Memory);
            expected += (most - expected) / learned;
        }
    }

    /// <summary>What rollouts that go on will still want to put into the queue, beside what they have there.</summary>
    public long Awaited(IEnumerable<RolloutPlace> open, long now)
    {
        long sum = 0;
        if (Expected > 0)
        {
            foreach (var place in open)
            {
                sum += IsActive(place, now) ? Math.Max(0, Expected - place.Held) : 0;
            }
        }

        return sum;
    }

    private static bool IsActive(RolloutPlace place, long now)
    {
        var recorded = place.Recorded;
        if (recorded != place.SeenRecorded)
        {
            (place.SeenRecorded, place.SeenAt) = (recorded, now);
        }

        return now - place.SeenAt < IdleMilliseconds;
    }
}
