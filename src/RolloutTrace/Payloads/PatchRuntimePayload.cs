using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>How a patch begins; how it ends is the same and more, which is null until then and left out.</summary>
internal sealed record PatchRuntimePayload
{
    public required string CallId { get; init; }

    public required string TurnId { get; init; }

    public required bool AutoApproved { get; init; }

    /// <summary>An object: what changes, by path.</summary>
    public required JsonPayload Changes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stdout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stderr { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Success { get; init; }

    /// <summary>completed, failed or declined.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }
}
