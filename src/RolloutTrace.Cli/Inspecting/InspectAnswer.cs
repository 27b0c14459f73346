using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What <c>inspect</c> says of a rollout.</summary>
internal sealed record InspectAnswer
{
    public required string RolloutId { get; init; }

    public required string Status { get; init; }

    public required long StartedAtUnixMs { get; init; }

    public required long? DurationMs { get; init; }

    public required int Agents { get; init; }

    public required int Turns { get; init; }

    public required int Requests { get; init; }

    public required int ToolCalls { get; init; }

    public required int CodeCells { get; init; }

    public required int Compactions { get; init; }

    public required IReadOnlyList<OutlineNode> Nodes { get; init; }

    public static InspectAnswer Of(RolloutGraph graph, IReadOnlyList<OutlineNode> nodes) => new()
    {
        RolloutId = graph.RolloutId,
        Status = WireName.Of(graph.Status),
        StartedAtUnixMs = graph.StartedAtUnixMs,
        DurationMs = graph.EndedAtUnixMs - graph.StartedAtUnixMs,
        Agents = graph.Threads.Count,
        Turns = graph.CodexTurns.Count,
        Requests = graph.InferenceCalls.Count,
        ToolCalls = graph.ToolCalls.Count,
        CodeCells = graph.CodeCells.Count,
        Compactions = graph.Compactions.Count,
        Nodes = nodes,
    };
}
