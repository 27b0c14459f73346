namespace RolloutTrace.Reducer;

/// <summary>What redacting a bundle gave. No secret is in it.</summary>
public sealed record RedactResult
{
    /// <summary>The secrets, in the order in which they were found.</summary>
    public required IReadOnlyList<RedactedSecret> Secrets { get; init; }

    /// <summary>Payload files written.</summary>
    public required long Payloads { get; init; }

    /// <summary>Lines of the log and payload files that cannot be read, or are too long. A marker stands for each.</summary>
    public required long Unreadable { get; init; }
}
