using RolloutTrace.Lake;

namespace RolloutTrace.Cli;

/// <summary>What became of a lake's days. In JSON an object with <c>answer_version</c>, <c>lake</c> and <c>days</c>.</summary>
internal sealed record CompactionAnswer
{
    public int AnswerVersion { get; init; } = 1;

    /// <summary>The lake's directory, or its address.</summary>
    public required string Lake { get; init; }

    /// <summary>The days of which one file a table was made.</summary>
    public required IReadOnlyList<CompactedDay> Days { get; init; }
}
