namespace RolloutTrace.Recorder.Queue;

/// <summary>One rollout's place among those that are being recorded. <see cref="RolloutAdmission"/> gives it and takes it back.</summary>
internal sealed class RolloutPlace
{
    private volatile bool isFavoured = true;

    /// <summary>Whether it may use the queue's bound to the last byte, and wait for room. May be asked on any thread.</summary>
    public bool IsFavoured
    {
        get => isFavoured;
        set => isFavoured = value;
    }

    /// <summary>Whether it is one of those that the window limits.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Where it stands; null once it is given back.</summary>
    public LinkedListNode<RolloutPlace>? Node { get; set; }
}
