using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What <c>inspect</c> says of a rollout.</summary>
internal sealed record InspectAnswer
{
    public required string RolloutId { get; init; }

    public required string Status { get; init; }

    /// <summary>By what a status that the log does not give is known; null for one that it gives.</summary>
    public required string? StatusEvidence { get; init; }

    /// <summary>What the recorder says it has lost; null if it says nothing.</summary>
    public required BundleLoss? Lost { get; init; }

    public required long StartedAtUnixMs { get; init; }

    public required long? DurationMs { get; init; }

    public required int Agents { get; init; }

    public required int Turns { get; init; }

    public required int Requests { get; init; }

    public required int ToolCalls { get; init; }

    public required int CodeCells { get; init; }

    public required int Compactions { get; init; }

    public required IReadOnlyList<OutlineNode> Nodes { get; init; }

    public static InspectAnswer Of(OpenRollout rollout, IReadOnlyList<OutlineNode> nodes) => Of(rollout.Graph, rollout.Liveness, nodes);

    private static InspectAnswer Of(RolloutGraph graph, RolloutLiveness liveness, IReadOnlyList<OutlineNode> nodes) => new()
    {
        RolloutId = graph.RolloutId,
        Status = liveness.Status,
        StatusEvidence = liveness.Evidence,
        Lost = liveness.Lost,
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
