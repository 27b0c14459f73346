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
}

/// <summary>Points to a terminal operation.</summary>
public sealed record TerminalSummary : ToolCallSummary
{
    /// <summary>The operation's id.</summary>
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
}

/// <summary>A call that waits for agents.</summary>
public sealed record WaitAgentSummary : ToolCallSummary
{
    /// <summary>Path of the agent waited for; null for any.</summary>
    public string? TargetAgentPath { get; init; }

    /// <summary>How long to wait at most, in milliseconds.</summary>
    public long? TimeoutMs { get; init; }
}
