using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>How a command begins; how it ends is the same and more, which is null until then and left out.</summary>
internal sealed record CommandRuntimePayload
{
    public required string CallId { get; init; }

    public required string TurnId { get; init; }

    public required long StartedAtMs { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required string Cwd { get; init; }

    /// <summary>A shell's reading of the command, which is not made here.</summary>
    public IReadOnlyList<string> ParsedCmd { get; } = [];

    public string Source { get; } = "agent";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProcessId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? InteractionInput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CompletedAtMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stdout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stderr { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JoinedText? AggregatedOutput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ElapsedTime? Duration { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JoinedText? FormattedOutput { get; init; }

    /// <summary>completed, failed or declined.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }
}
