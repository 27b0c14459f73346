using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>What goes from one agent to another.</summary>
[JsonConverter(typeof(WireEnumConverter<InteractionEdgeKind>))]
public enum InteractionEdgeKind
{
    /// <summary>A child's first task.</summary>
    SpawnAgent,

    /// <summary>A further task.</summary>
    AssignAgentTask,

    /// <summary>A message.</summary>
    SendMessage,

    /// <summary>A child's result.</summary>
    AgentResult,

    /// <summary>The order to stop.</summary>
    CloseAgent,
}
