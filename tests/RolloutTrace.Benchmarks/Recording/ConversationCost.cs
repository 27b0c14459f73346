namespace RolloutTrace.Benchmarks.Recording;

/// <summary>What recording a long conversation cost.</summary>
internal sealed record ConversationCost
{
    public long RequestBytes { get; init; }

    /// <summary>Until all of it was on disk.</summary>
    public double Milliseconds { get; init; }

    public double UserMilliseconds { get; init; }

    public double SystemMilliseconds { get; init; }

    /// <summary>When everything was recorded and the rollout had not ended.</summary>
    public long BytesOnDisk { get; init; }

    public int FilesOnDisk { get; init; }

    public double EndMilliseconds { get; init; }

    public long EndBytesOnDisk { get; init; }

    /// <summary>Of the caller's time for a request where the queue has room.</summary>
    public double P99Nanoseconds { get; init; }

    /// <summary>The most memory of the process that was resident at once.</summary>
    public long PeakBytes { get; init; }
}
