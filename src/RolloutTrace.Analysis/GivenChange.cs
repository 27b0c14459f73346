namespace RolloutTrace.Analysis;

/// <summary>What a request gave otherwise than the one before it in its thread.</summary>
public sealed record GivenChange
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The request before: the last one in the thread of which it is known what it gave.</summary>
    public required string BeforeInferenceCallId { get; init; }

    /// <summary>Where the instructions first differ; null if they are the same.</summary>
    public required TextChange? Instructions { get; init; }

    /// <summary>Names of tools that only the request has, in its order.</summary>
    public required IReadOnlyList<string> ToolsAdded { get; init; }

    /// <summary>Names of tools that only the request before has, in its order.</summary>
    public required IReadOnlyList<string> ToolsRemoved { get; init; }

    /// <summary>Tools that both have and define differently, in the order of the request.</summary>
    public required IReadOnlyList<ToolChange> ToolsChanged { get; init; }

    /// <summary>Whether the tools that both have stand in another order.</summary>
    public required bool AreToolsReordered { get; init; }

    /// <summary>Parameters that are not the same, in the order of the request, those that it leaves out last.</summary>
    public required IReadOnlyList<ParameterChange> Parameters { get; init; }

    /// <summary>Whether the tools differ in any way.</summary>
    public bool AreToolsChanged => ToolsAdded.Count > 0 || ToolsRemoved.Count > 0 || ToolsChanged.Count > 0 || AreToolsReordered;
}
