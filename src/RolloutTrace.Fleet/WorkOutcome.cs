namespace RolloutTrace.Fleet;

/// <summary>What became of a rollout that was to be reduced.</summary>
/// <param name="Key">Its key in the store.</param>
/// <param name="Kind">What became of it.</param>
public sealed record WorkOutcome(string Key, WorkOutcomeKind Kind)
{
    /// <summary>What is wrong, in words; null if nothing is.</summary>
    public string? Detail { get; init; }

    /// <summary>Rows in all tables.</summary>
    public long Rows { get; init; }

    /// <summary>The object's length in bytes; 0 if it was not got, or is a bundle that is not packed.</summary>
    public long Bytes { get; init; }

    /// <summary>Defects of the bundle; the tables have what is sound.</summary>
    public int Defects { get; init; }
}
