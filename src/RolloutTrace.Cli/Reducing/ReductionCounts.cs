using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>How much a state holds.</summary>
internal sealed record ReductionCounts
{
    public required int Threads { get; init; }

    public required int CodexTurns { get; init; }

    public required int InferenceCalls { get; init; }

    public required int ToolCalls { get; init; }

    public required int CodeCells { get; init; }

    public required int Compactions { get; init; }

    public required int ConversationItems { get; init; }

    public required int InteractionEdges { get; init; }

    public static ReductionCounts Of(RolloutGraph graph) => new()
    {
        Threads = graph.Threads.Count,
        CodexTurns = graph.CodexTurns.Count,
        InferenceCalls = graph.InferenceCalls.Count,
        ToolCalls = graph.ToolCalls.Count,
        CodeCells = graph.CodeCells.Count,
        Compactions = graph.Compactions.Count,
        ConversationItems = graph.ConversationItems.Count,
        InteractionEdges = graph.InteractionEdges.Count,
    };
}
