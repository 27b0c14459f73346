using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>What made a conversation item.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(InferenceProducer), "inference")]
[JsonDerivedType(typeof(ToolProducer), "tool")]
[JsonDerivedType(typeof(CodeCellProducer), "code_cell")]
[JsonDerivedType(typeof(CompactionProducer), "compaction")]
[JsonDerivedType(typeof(InteractionEdgeProducer), "interaction_edge")]
[JsonDerivedType(typeof(UserInputProducer), "user_input")]
[JsonDerivedType(typeof(HarnessProducer), "harness")]
public abstract record ConversationProducer
{
    private protected ConversationProducer()
    {
    }
}

/// <summary>A model request's response.</summary>
public sealed record InferenceProducer : ConversationProducer
{
    /// <summary>The model request.</summary>
    public required string InferenceCallId { get; init; }
}

/// <summary>A tool call's output.</summary>
public sealed record ToolProducer : ConversationProducer
{
    /// <summary>The tool call.</summary>
    public required string ToolCallId { get; init; }
}

/// <summary>A code cell's output.</summary>
public sealed record CodeCellProducer : ConversationProducer
{
    /// <summary>The code cell.</summary>
    public required string CodeCellId { get; init; }
}

/// <summary>A compaction.</summary>
public sealed record CompactionProducer : ConversationProducer
{
    /// <summary>The compaction.</summary>
    public required string CompactionId { get; init; }
}

/// <summary>A delivery between agents; reserved by the format.</summary>
public sealed record InteractionEdgeProducer : ConversationProducer
{
    /// <summary>The edge.</summary>
    public required string EdgeId { get; init; }
}

/// <summary>The user; reserved by the format.</summary>
public sealed record UserInputProducer : ConversationProducer;

/// <summary>The agent's harness; reserved by the format.</summary>
public sealed record HarnessProducer : ConversationProducer;
