using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>The channel of a conversation item.</summary>
[JsonConverter(typeof(WireEnumConverter<ConversationChannel>))]
public enum ConversationChannel
{
    /// <summary>Reasoning, and messages between agents.</summary>
    Analysis,

    /// <summary>Work on the way: tool calls, their outputs, remarks.</summary>
    Commentary,

    /// <summary>The answer.</summary>
    Final,

    /// <summary>A summary that stands for history.</summary>
    Summary,
}
