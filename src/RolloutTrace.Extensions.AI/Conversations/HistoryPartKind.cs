namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>What of a history a part is.</summary>
internal enum HistoryPartKind
{
    /// <summary>Its first two messages that are no calls.</summary>
    Beginning,

    /// <summary>Its last message.</summary>
    End,

    /// <summary>The text of a summary of it.</summary>
    Summary,
}
