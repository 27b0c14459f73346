using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>The document <c>agent_result</c>.</summary>
internal sealed record AgentResultPayload
{
    public required string ChildAgentPath { get; init; }

    public required string Message { get; init; }

    public required JsonPayload Status { get; init; }
}

/// <summary>How a child came to its end: one of the members is there.</summary>
internal sealed record AgentEndStatus
{
    private static readonly JsonPayload Interrupted = "\"interrupted\""u8.ToArray();

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Completed { get; private init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Errored { get; private init; }

    /// <summary><c>{"completed":message}</c>, <c>{"errored":message}</c>, or <c>"interrupted"</c> where there is no message.</summary>
    public static JsonPayload Of(ExecutionStatus status, string message) => status switch
    {
        ExecutionStatus.Completed => Of(new AgentEndStatus { Completed = message }),
        ExecutionStatus.Failed => Of(new AgentEndStatus { Errored = message }),
        _ => Interrupted,
    };

    private static JsonPayload Of(AgentEndStatus status) => JsonPayload.From(status, PayloadJsonContext.Default.AgentEndStatus);
}
