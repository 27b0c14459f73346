namespace RolloutTrace.Wire;

/// <summary>What an item on the wire is, in the words of the dialect-free reading.</summary>
public enum WireItemKind
{
    /// <summary>A message, with a role.</summary>
    Message,

    /// <summary>A message of one agent to another, with author and recipient.</summary>
    AgentMessage,

    /// <summary>What the model thought.</summary>
    Reasoning,

    /// <summary>A call of a function, with arguments.</summary>
    FunctionCall,

    /// <summary>What a function gave.</summary>
    FunctionCallOutput,

    /// <summary>A call of a tool that takes free text.</summary>
    CustomToolCall,

    /// <summary>What such a tool gave.</summary>
    CustomToolCallOutput,

    /// <summary>A call of a tool that the provider or the harness has built in, which is known by its whole JSON only.</summary>
    BuiltInCall,

    /// <summary>What such a tool gave.</summary>
    BuiltInCallOutput,

    /// <summary>A summary that stands for a history that was compacted.</summary>
    CompactionSummary,

    /// <summary>Definitions of tools that stand among the items. The model's history has no item for them.</summary>
    ToolDefinitions,

    /// <summary>Anything else; it always has a defect.</summary>
    Unknown,
}
