namespace RolloutTrace.Analysis.Explaining;

/// <summary>What can be explained.</summary>
internal enum SubjectKind
{
    Thread,
    Turn,
    Request,
    ToolCall,
    Item,
    CodeCell,
    Terminal,
    TerminalOperation,
    Compaction,
    CompactionRequest,
    Edge,
}

/// <summary>Something in the state.</summary>
internal readonly record struct Subject(SubjectKind Kind, string Id);
