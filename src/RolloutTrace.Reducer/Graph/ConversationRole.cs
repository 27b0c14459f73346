using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>Who speaks in a conversation item.</summary>
[JsonConverter(typeof(WireEnumConverter<ConversationRole>))]
public enum ConversationRole
{
    /// <summary>The system prompt.</summary>
    System,

    /// <summary>The developer of the agent.</summary>
    Developer,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model, or an agent.</summary>
    Assistant,

    /// <summary>A tool.</summary>
    Tool,
}
