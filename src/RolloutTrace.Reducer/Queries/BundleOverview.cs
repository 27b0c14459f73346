using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Queries;

namespace RolloutTrace.Reducer;

/// <summary>A bundle in one line, read from its manifest and its log without reducing it.</summary>
public sealed record BundleOverview
{
    /// <summary>The bundle's directory, as it was given.</summary>
    public required string Bundle { get; init; }

    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>When the last event was recorded, in milliseconds since the Unix epoch; null if none was.</summary>
    public long? LastEventAtUnixMs { get; init; }

    /// <summary>
    /// <c>completed</c>, <c>failed</c> or <c>aborted</c> as the log says; <c>unended</c> where it says nothing: the rollout is
    /// still running, or its program died.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Paths of the agents, in order of starting.</summary>
    public required IReadOnlyList<string> Agents { get; init; }

    /// <summary>Number of turns.</summary>
    public required int Turns { get; init; }

    /// <summary>Number of model requests.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of tool calls.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>The models asked, in order of first use.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Bytes of the log and the payloads.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tokens used, over all requests; null if they were not asked for.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Reads the overview of a bundle. What cannot be read of its log is passed over.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="withUsage">Whether to add up tokens, for which every response has to be opened.</param>
    /// <exception cref="BundleException">There is no bundle, or its manifest or log cannot be read.</exception>
    public static BundleOverview Read(string directory, bool withUsage = false)
    {
        var bundle = BundleReader.Open(directory);
        return new LogScan(bundle, withUsage).Read(directory);
    }
}
