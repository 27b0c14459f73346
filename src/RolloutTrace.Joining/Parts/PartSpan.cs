namespace RolloutTrace.Joining.Parts;

/// <summary>What a span of a part stands for.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="ToolCallId">The tool call; null for a span of something else in the thread.</param>
internal readonly record struct PartSpan(string ThreadId, string? ToolCallId);
