using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Export;

/// <summary>
/// What the exporter keeps for a bundle: its writer, what it has not flushed, and its place among those with open files. The
/// exporter's thread alone touches it, but for <see cref="NoteLoss"/>.
/// </summary>
internal sealed class OpenBundle
{
    private readonly LossNotes notes;
    private int isNoted;

    public OpenBundle(RolloutBundle bundle, BundleWriter writer, LossNotes notes)
    {
        Bundle = bundle;
        Writer = writer;
        this.notes = notes;
    }

    public RolloutBundle Bundle { get; }

    public BundleWriter Writer { get; }

    /// <summary>Whether the current batch has something for it.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether its rollout has ended, so that little more is to be expected.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Events that were appended to the writer and are not flushed.</summary>
    public long Unflushed { get; set; }

    /// <summary>Events and bytes on disk that have been counted.</summary>
    public (long Events, long Bytes) Counted { get; set; }

    /// <summary>What the writer has put right and was reported.</summary>
    public BundleRepairs Reported { get; set; }

    /// <summary>Its place among the bundles with open files; null if it has none.</summary>
    public LinkedListNode<OpenBundle>? Place { get; set; }

    /// <summary>Has the bundle say what is lost of it, from now on. On any thread; more than one call has no effect.</summary>
    public void NoteLoss()
    {
        if (Interlocked.Exchange(ref isNoted, 1) == 0)
        {
            notes.Add(this);
        }
    }
}
