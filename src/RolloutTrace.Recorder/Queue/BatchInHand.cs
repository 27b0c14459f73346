using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// What the reader has taken from the queue and is not done with. Somebody else may give it up: then it counts as lost, and what has
/// not got to the exporter yet does not. Safe for concurrent use; nothing slow is done under its lock.
/// </summary>
internal sealed class BatchInHand
{
    private readonly Lock gate = new();
    private readonly RecorderCounters counters;
    private RolloutRecord[] batch = [];
    private int count;
    private bool isHandedOver;
    private long writtenBefore;
    private volatile bool isGivenUp;

    public BatchInHand(RecorderCounters counters) => this.counters = counters;

    /// <summary>Whether nobody waits any longer, for this batch or a later one.</summary>
    public bool IsGivenUp => isGivenUp;

    /// <summary>The reader has a batch. One that comes after all was given up is lost at once.</summary>
    public void Take(RolloutRecord[] records, int length)
    {
        lock (gate)
        {
            (batch, count, isHandedOver) = (records, length, false);
            if (isGivenUp)
            {
                Lose();
            }
        }
    }

    /// <summary>The reader wants to give the batch to the exporter.</summary>
    /// <returns>False if it was given up before.</returns>
    public bool TryHandOver()
    {
        lock (gate)
        {
            isHandedOver = !isGivenUp;
            writtenBefore = counters.EventsWritten;
            return isHandedOver;
        }
    }

    /// <summary>The reader is done with the batch.</summary>
    public void LetGo()
    {
        lock (gate)
        {
            count = 0;
        }
    }

    /// <summary>Gives up what is in hand.</summary>
    /// <returns>How many records were lost by that.</returns>
    public long GiveUp()
    {
        lock (gate)
        {
            if (isGivenUp)
            {
                return 0;
            }

            isGivenUp = true;
            return Lose();
        }
    }

    // An exporter writes in the order of the batch, and says what it has on disk. What else it has may still get there or not; who
    // counts cannot wait for that.
    private long Lose()
    {
        var written = isHandedOver ? (int)Math.Clamp(counters.EventsWritten - writtenBefore, 0, count) : 0;
        for (var i = 0; i < count; i++)
        {
            batch[i].Bundle.Recording.GiveUp(i < written ? 0 : 1);
        }

        var lost = count - written;
        count = 0;
        return lost;
    }
}
