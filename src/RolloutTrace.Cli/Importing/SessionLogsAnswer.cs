using RolloutTrace.Import;

namespace RolloutTrace.Cli;

/// <summary>The session logs of this machine.</summary>
internal sealed record SessionLogsAnswer
{
    /// <summary>Where was looked.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>What was found, the newest session first.</summary>
    public required IReadOnlyList<SessionLog> Logs { get; init; }
}
