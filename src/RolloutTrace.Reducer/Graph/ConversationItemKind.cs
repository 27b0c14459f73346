using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>The kind of a conversation item.</summary>
[JsonConverter(typeof(WireEnumConverter<ConversationItemKind>))]
public enum ConversationItemKind
{
    /// <summary>A message.</summary>
    Message,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>A call of a function or of a tool that the provider hosts.</summary>
    FunctionCall,

    /// <summary>The output of such a call.</summary>
    FunctionCallOutput,

    /// <summary>A call of a tool that takes free text.</summary>
    CustomToolCall,

    /// <summary>The output of such a call.</summary>
    CustomToolCallOutput,

    /// <summary>Marks where a compaction replaced the history; the model does not see it.</summary>
    CompactionMarker,
}
