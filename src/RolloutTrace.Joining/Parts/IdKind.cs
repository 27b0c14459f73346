namespace RolloutTrace.Joining.Parts;

/// <summary>The kinds of ids of which each is once in a rollout.</summary>
internal enum IdKind : byte
{
    Turn,
    Inference,
    Tool,
    Compaction,
    CompactionRequest,
}
