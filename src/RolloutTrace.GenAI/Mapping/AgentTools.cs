using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Tools that work on agents themselves: what they give is not the agent's answer.</summary>
internal static class AgentTools
{
    public static bool IsAgents(this ToolCallKindType kind) => kind is ToolCallKindType.SpawnAgent or ToolCallKindType.AssignAgentTask or ToolCallKindType.SendMessage
        or ToolCallKindType.WaitAgent or ToolCallKindType.CloseAgent;
}
