using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>How other work of a tool's runtime begins or ends.</summary>
internal sealed record WorkRuntimePayload
{
    public required string CallId { get; init; }

    public required string TurnId { get; init; }

    public required string Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What the runtime itself has to say.</summary>
    public JsonPayload Details { get; init; }
}
