namespace RolloutTrace.Collecting;

/// <summary>What became of a record, and why.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Reason">Why it was rejected, with the bundle's name; null otherwise.</param>
public readonly record struct RecordOutcome(RecordFate Fate, string? Reason)
{
    /// <summary>It was accepted.</summary>
    public static RecordOutcome Accepted => new(RecordFate.Accepted, null);

    /// <summary>It came before.</summary>
    public static RecordOutcome Twice => new(RecordFate.Twice, null);

    /// <summary>It was rejected.</summary>
    /// <param name="reason">Why.</param>
    public static RecordOutcome Rejected(string reason) => new(RecordFate.Rejected, reason);
}
