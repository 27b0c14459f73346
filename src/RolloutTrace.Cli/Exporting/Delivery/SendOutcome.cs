namespace RolloutTrace.Cli;

/// <summary>What became of one request.</summary>
/// <param name="Kind">Whether it arrived.</param>
/// <param name="Words">Why not, or what the receiver says of it; null for nothing.</param>
internal sealed record SendOutcome(SendOutcomeKind Kind, string? Words)
{
    /// <summary>The request arrived and was taken.</summary>
    public static readonly SendOutcome Taken = new(SendOutcomeKind.Arrived, null);

    /// <summary>How many spans of a request that arrived the receiver refused.</summary>
    public long RefusedSpans { get; init; }

    /// <summary>How long the receiver asks to be left alone; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What to try; null if nothing comes to mind.</summary>
    public string? Advice { get; init; }
}

/// <summary>Whether a request arrived.</summary>
internal enum SendOutcomeKind
{
    /// <summary>The receiver has it, and took it, or all of it but some spans.</summary>
    Arrived,

    /// <summary>The receiver has it, and will not take it, however often it is sent.</summary>
    Refused,

    /// <summary>It may arrive if it is sent again.</summary>
    Busy,

    /// <summary>Nobody is there.</summary>
    Absent,

    /// <summary>Who is there does not understand it.</summary>
    Misunderstood,
}
