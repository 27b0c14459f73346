using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>What a run came to.</summary>
public sealed record RolloutOutcome
{
    /// <summary>How the rollout stands.</summary>
    public required RolloutStanding Status { get; init; }

    /// <summary>What the root agent said last, whole; null if it said nothing.</summary>
    public required string? LastMessage { get; init; }

    /// <summary>Number of model requests, those of compactions not counted.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of tool calls, those of code included.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Tokens of all inputs, those of compactions included; null if none are known.</summary>
    public required long? InputTokens { get; init; }

    /// <summary>Tokens of all outputs, those of compactions included; null if none are known.</summary>
    public required long? OutputTokens { get; init; }

    /// <summary>How long it took by the wall clock, in milliseconds; null if that is not known.</summary>
    public required long? WallMs { get; init; }

    /// <summary>What it cost, in the currency of the prices; left out of JSON where no prices are given, or not of all its models.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Cost { get; init; }

    /// <summary>The codes of its anomalies, each once, in ordinal order.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>The files that patches changed, each once, in the order of their first change.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The command lines that were run, in order.</summary>
    public required IReadOnlyList<string> Commands { get; init; }
}
