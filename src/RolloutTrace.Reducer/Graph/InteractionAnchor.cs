using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>An end of an edge.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConversationItemAnchor), "conversation_item")]
[JsonDerivedType(typeof(ToolCallAnchor), "tool_call")]
[JsonDerivedType(typeof(ThreadAnchor), "thread")]
public abstract record InteractionAnchor
{
    private protected InteractionAnchor()
    {
    }
}

/// <summary>A conversation item.</summary>
public sealed record ConversationItemAnchor : InteractionAnchor
{
    /// <summary>The item.</summary>
    public required string ItemId { get; init; }
}

/// <summary>A tool call.</summary>
public sealed record ToolCallAnchor : InteractionAnchor
{
    /// <summary>The tool call.</summary>
    public required string ToolCallId { get; init; }
}

/// <summary>An agent's thread.</summary>
public sealed record ThreadAnchor : InteractionAnchor
{
    /// <summary>The thread.</summary>
    public required string ThreadId { get; init; }
}
