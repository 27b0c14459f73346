using System.Diagnostics;

namespace RolloutTrace;

/// <summary>What is known of a compaction when it starts. All members are optional.</summary>
public readonly struct CompactionOptions
{
    /// <summary>The model that compacts; by default the turn's.</summary>
    public string? Model { get; init; }

    /// <summary>Id of the compaction, unique in the rollout; a fresh UUID by default.</summary>
    public string? CompactionId { get; init; }

    /// <summary>The span of another library that stands for the same; no span is started then.</summary>
    internal Activity? Span { get; init; }
}
