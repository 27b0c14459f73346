using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>What a list of tool calls shows of one, without opening payloads.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(GenericSummary), "generic")]
[JsonDerivedType(typeof(TerminalSummary), "terminal")]
[JsonDerivedType(typeof(AgentSummary), "agent")]
[JsonDerivedType(typeof(WaitAgentSummary), "wait_agent")]
public abstract record ToolCallSummary
{
    private protected ToolCallSummary()
    {
    }

    /// <summary>The member <c>summary</c> of a line in canonical form.</summary>
    internal static ToolCallSummary Read(ref CanonicalJson json)
    {
        json.Literal(",\"summary\":{\"type\":"u8);
        ToolCallSummary summary = json.TryLiteral("\"generic\""u8) ? GenericSummary.Read(ref json)
            : json.TryLiteral("\"terminal\""u8) ? new TerminalSummary { OperationId = json.Text("operation_id"u8) }
            : json.TryLiteral("\"agent\""u8) ? AgentSummary.Read(ref json)
            : json.TryLiteral("\"wait_agent\""u8) ? WaitAgentSummary.Read(ref json)
            : json.Unknown<ToolCallSummary>();
        json.Literal("}"u8);
        return summary;
    }
}

/// <summary>Label and previews.</summary>
public sealed record GenericSummary : ToolCallSummary
{
    /// <summary>The tool's name, or <c>namespace.name</c>.</summary>
    public required string Label { get; init; }

    /// <summary>The beginning of the input.</summary>
    public string? InputPreview { get; init; }

    /// <summary>The beginning of the output.</summary>
    public string? OutputPreview { get; init; }

    internal static new GenericSummary Read(ref CanonicalJson json) => new()
    {
        Label = json.Text("label"u8),
        InputPreview = json.OptionalText("input_preview"u8),
        OutputPreview = json.OptionalText("output_preview"u8),
    };
}

/// <summary>Points to a terminal operation.</summary>
public sealed record TerminalSummary : ToolCallSummary
{
    /// <summary>Id of the terminal's operation that the call is.</summary>
    public required string OperationId { get; init; }
}

/// <summary>A call that spawns, tasks or messages an agent.</summary>
public sealed record AgentSummary : ToolCallSummary
{
    /// <summary>Path of the agent it goes to.</summary>
    public required string TargetAgentPath { get; init; }

    /// <summary>Name of the task given.</summary>
    public string? TaskName { get; init; }

    /// <summary>The beginning of the message.</summary>
    public required string MessagePreview { get; init; }

    internal static new AgentSummary Read(ref CanonicalJson json) => new()
    {
        TargetAgentPath = json.Text("target_agent_path"u8),
        TaskName = json.OptionalText("task_name"u8),
        MessagePreview = json.Text("message_preview"u8),
    };
}

/// <summary>A call that waits for agents.</summary>
public sealed record WaitAgentSummary : ToolCallSummary
{
    /// <summary>Path of the agent waited for; null for any.</summary>
    public string? TargetAgentPath { get; init; }

    /// <summary>How long to wait at most, in milliseconds.</summary>
    public long? TimeoutMs { get; init; }

    internal static new WaitAgentSummary Read(ref CanonicalJson json) => new()
    {
        TargetAgentPath = json.OptionalText("target_agent_path"u8),
        TimeoutMs = json.OptionalInteger("timeout_ms"u8),
    };
}
