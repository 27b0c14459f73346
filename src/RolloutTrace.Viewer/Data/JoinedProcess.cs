using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Data;

/// <summary>What has run in a process, or in several one after the other where a session was resumed.</summary>
internal sealed class JoinedProcess
{
    /// <summary>What its first agent is called; empty if it has none.</summary>
    public string Name { get; set; } = "";

    public required string RolloutId { get; init; }

    /// <summary>Its recordings.</summary>
    public required IReadOnlyList<JoinedPart> Parts { get; init; }
}
