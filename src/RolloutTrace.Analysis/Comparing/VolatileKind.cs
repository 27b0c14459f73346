namespace RolloutTrace.Analysis.Comparing;

/// <summary>What is never the same in two runs.</summary>
internal enum VolatileKind
{
    Id,
    Time,
    Duration,
    TemporaryName,
    Port,
    Encrypted,

    /// <summary>What the user's patterns match; of the patterns, this is the first.</summary>
    Custom,
}
