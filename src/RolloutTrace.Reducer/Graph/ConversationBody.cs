namespace RolloutTrace.Reducer;

/// <summary>What a conversation item says.</summary>
public sealed record ConversationBody
{
    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<ConversationPart> Parts { get; init; } = [];
}
