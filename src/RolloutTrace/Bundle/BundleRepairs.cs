namespace RolloutTrace.Bundle;

/// <summary>What a writer put right of a bundle that somebody else had changed. Nothing of the rollout was lost by it.</summary>
[Flags]
public enum BundleRepairs
{
    /// <summary>Nothing had to be.</summary>
    None = 0,

    /// <summary>What somebody had appended to the event log was cut off.</summary>
    LogCut = 1,

    /// <summary>The manifest was missing and is there again.</summary>
    ManifestRestored = 2,
}
