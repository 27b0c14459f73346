using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Export;

/// <summary>
/// What the exporter keeps for a bundle: its writer, what it has not flushed, and its place among those with open files. The
/// exporter's thread alone touches it, but for <see cref="NoteLoss"/> and sealing.
/// </summary>
internal sealed class OpenBundle : IEndedBundle
{
    private readonly Lock gate = new();
    private readonly LossNotes notes;
    private int isNoted;
    private bool isTouched;
    private bool isSealed;

    public OpenBundle(RolloutBundle bundle, BundleWriter writer, LossNotes notes)
    {
        Bundle = bundle;
        Writer = writer;
        this.notes = notes;
    }

    public RolloutBundle Bundle { get; }

    public BundleWriter Writer { get; }

    public string Directory => Writer.Directory;

    public string Name => Bundle.Name;

    /// <summary>Whether its rollout has ended, so that little more is to be expected.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Agents that have started and not ended.</summary>
    public int Agents { get; set; }

    /// <summary>Events that were appended to the writer and are not flushed.</summary>
    public long Unflushed { get; set; }

    /// <summary>Events and bytes on disk that have been counted.</summary>
    public (long Events, long Bytes) Counted { get; set; }

    /// <summary>What the writer has put right and was reported.</summary>
    public BundleRepairs Reported { get; set; }

    /// <summary>Its place among the bundles with open files; null if it has none.</summary>
    public LinkedListNode<OpenBundle>? Place { get; set; }

    /// <summary>The current batch has something for it. False if it is sealed, so that nothing may be written.</summary>
    /// <param name="isFirst">Whether the batch has had nothing for it until now.</param>
    public bool TryTouch(out bool isFirst)
    {
        lock (gate)
        {
            isFirst = !isTouched;
            isTouched = !isSealed;
            return isTouched;
        }
    }

    /// <summary>What the batch had for it is written.</summary>
    public void Leave()
    {
        lock (gate)
        {
            isTouched = false;
        }
    }

    public bool TrySeal()
    {
        lock (gate)
        {
            isSealed |= !isTouched;
            return isSealed;
        }
    }

    /// <summary>Writes a note of a loss into the bundle, unless it is sealed.</summary>
    /// <exception cref="IOException">As <see cref="BundleWriter.NoteLoss"/>; a <see cref="DirectoryNotFoundException"/> if it is sealed.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="BundleWriter.NoteLoss"/>.</exception>
    public void WriteNote(BundleLoss loss)
    {
        lock (gate)
        {
            if (isSealed)
            {
                throw new DirectoryNotFoundException($"{Directory}: is packed");
            }

            Writer.NoteLoss(loss);
        }
    }

    /// <summary>Has the bundle say what is lost of it, from now on. On any thread; more than one call has no effect.</summary>
    public void NoteLoss()
    {
        if (Interlocked.Exchange(ref isNoted, 1) == 0)
        {
            notes.Add(this);
        }
    }
}
