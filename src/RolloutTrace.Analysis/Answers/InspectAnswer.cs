using System.Text.Json.Serialization;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Answers;

/// <summary>
/// What <c>inspect</c> says of a rollout: how it stands, how much there is of it, and the outline or a part of it. In JSON the
/// members in this order, in snake_case.
/// </summary>
public sealed record InspectAnswer
{
    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>How it stands.</summary>
    public required RolloutStanding Status { get; init; }

    /// <summary>By what a status that the log does not give is known, on one line; null for one that it gives.</summary>
    public required string? StatusEvidence { get; init; }

    /// <summary>What the recorder says it has lost; null if it says nothing.</summary>
    public required BundleLoss? Lost { get; init; }

    /// <summary>What did not come of it, where it was put together of records from a network; null if nothing is missing, or it came otherwise. In JSON left out then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleHole? Collected { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>How long it took by the wall clock, in milliseconds; null if it has no end, and where the clock stepped back so that nobody knows.</summary>
    public required long? DurationMs { get; init; }

    /// <summary>Number of agents, the root's included.</summary>
    public required int Agents { get; init; }

    /// <summary>Number of turns of all agents.</summary>
    public required int Turns { get; init; }

    /// <summary>Number of model requests, those of compactions not counted.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of tool calls, those of code included.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Number of code cells.</summary>
    public required int CodeCells { get; init; }

    /// <summary>Number of compactions that were installed.</summary>
    public required int Compactions { get; init; }

    /// <summary>Tokens that all requests used, those of compactions included; null if none are known.</summary>
    public required RecordedTokenUsage? Usage { get; init; }

    /// <summary>What was asked to be shown of the outline; each node holds what is below it.</summary>
    public required IReadOnlyList<OutlineNode> Nodes { get; init; }

    /// <summary>Sums a rollout up.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="nodes">What to show of its outline.</param>
    public static InspectAnswer Of(OpenRollout rollout, IReadOnlyList<OutlineNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var graph = rollout.Graph;
        return new InspectAnswer
        {
            RolloutId = graph.RolloutId,
            Status = rollout.Liveness.Status,
            StatusEvidence = rollout.Liveness.Evidence,
            Lost = rollout.Liveness.Lost,
            Collected = rollout.Bundle?.Manifest.Collected,
            StartedAtUnixMs = graph.StartedAtUnixMs,
            DurationMs = WallTimes.Between(graph.StartedAtUnixMs, graph.EndedAtUnixMs),
            Agents = graph.Threads.Count,
            Turns = graph.CodexTurns.Count,
            Requests = graph.InferenceCalls.Count,
            ToolCalls = graph.ToolCalls.Count,
            CodeCells = graph.CodeCells.Count,
            Compactions = graph.Compactions.Count,
            Usage = rollout.Tokens.All,
            Nodes = nodes,
        };
    }
}
