namespace RolloutTrace.Content;

/// <summary>What a part of a message is.</summary>
internal enum GenAIPartType
{
    Text,
    Reasoning,
    ToolCall,
    ToolCallResponse,
    ServerToolCall,
    Other,
    Source,
}
