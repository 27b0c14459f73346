using System.Text.Json.Serialization;
using RolloutTrace.Analysis.Overviews;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>A bundle in one line, read from its manifest and its log without reducing it.</summary>
public sealed record BundleOverview
{
    /// <summary>The bundle's directory.</summary>
    public required string Bundle { get; init; }

    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>When the last event was recorded, in milliseconds since the Unix epoch; null if none was.</summary>
    public long? LastEventAtUnixMs { get; init; }

    /// <summary>How the rollout stands.</summary>
    public required RolloutStanding Status { get; init; }

    /// <summary>By what a status that the log does not give is known; null for one that it gives.</summary>
    public string? StatusEvidence { get; init; }

    /// <summary>Who called the rollout from another process; null if nobody did, or nobody knows. In JSON left out then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerReference? Caller { get; init; }

    /// <summary>The recording of the same rollout that it goes on from; null if it is the first, or that is not known. In JSON left out then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResumedRecording? ResumedFrom { get; init; }

    /// <summary>How many recordings it is joined of; null for one that is as it was recorded. In JSON left out then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Parts { get; init; }

    /// <summary>What the recorder says it has lost of the rollout, and why; null if it says nothing.</summary>
    public BundleLoss? Lost { get; init; }

    /// <summary>What did not come of it, where it was put together of records from a network; null if nothing is missing, or it came otherwise. In JSON left out then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleHole? Collected { get; init; }

    /// <summary>What is wrong with the file that the bundle is in, where that is known without reading it to its end; null if nothing. This is from what is before that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Damage { get; init; }

    /// <summary>Paths of the agents, in order of starting.</summary>
    public required IReadOnlyList<string> Agents { get; init; }

    /// <summary>Number of turns.</summary>
    public required int Turns { get; init; }

    /// <summary>Number of model requests, those of compactions not counted.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of tool calls.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>The models asked, in order of first use.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>
    /// The beginning of what the user said first, on one line: of the first request that was recorded, past what a harness says in the user's place
    /// between tags. Null if there is none, or it cannot be read.
    /// </summary>
    public string? FirstUserMessage { get; init; }

    /// <summary>Bytes of the log and the payloads.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tokens used, over all requests, those of compactions included; null if no response tells, or they were not asked for.</summary>
    public RecordedTokenUsage? Usage { get; init; }

    /// <summary>Lines of the log that could not be read, and of which nothing is told here; more may be wrong that only a reduction finds.</summary>
    public int UnreadableLines { get; init; }

    /// <summary>
    /// Reads the overview of a bundle in memory that grows with the number of its requests alone: its log line by line, and of each
    /// response the beginning, where the tokens stand mostly; all of one where they do not. What cannot be read of them is passed over.
    /// </summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="now">The time by which a bundle's silence is measured.</param>
    /// <param name="withUsage">Whether to add up tokens, for which every response has to be opened.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static BundleOverview Read(BundleReader bundle, DateTimeOffset now, bool withUsage = true)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new LogScan(bundle, withUsage).Read(now);
    }
}
