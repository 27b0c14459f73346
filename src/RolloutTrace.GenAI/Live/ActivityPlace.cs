using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of an activity. It hangs on it, and goes with it.</summary>
internal sealed class ActivityPlace
{
    /// <summary>Null as long as the span means nothing.</summary>
    public SpanNode? Node { get; set; }

    /// <summary>Whether handles inside it record the work that it stands around.</summary>
    public bool IsCovered { get; set; }

    /// <summary>Whether its end has been seen.</summary>
    public bool IsDone { get; set; }
}
