using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>One item of a transcript.</summary>
public sealed record TranscriptEntry
{
    /// <summary>The item.</summary>
    public required ConversationItem Item { get; init; }

    /// <summary>What the item says, as text; see <see cref="ItemText"/>.</summary>
    public required string Text { get; init; }

    /// <summary>The tool call that the item asks for or answers, if one is known.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Of a call or its output, the name of the tool; null if it is not known.</summary>
    public string? ToolName { get; init; }

    /// <summary>The compaction that the item marks; null for all items that the model sees.</summary>
    public string? CompactionId { get; init; }
}
