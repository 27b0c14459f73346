namespace RolloutTrace.Replay.Answers;

/// <summary>An item of a recorded answer, in no API's words.</summary>
internal sealed record AnswerItem
{
    public required AnswerItemKind Kind { get; init; }

    /// <summary>The item's own id; null if it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Of a message, its role.</summary>
    public string? Role { get; init; }

    /// <summary>Of a message, who said it; of a call, what is called. Null if that is not said.</summary>
    public string? Name { get; init; }

    public string? CallId { get; init; }

    /// <summary>Of a call, what it is given: JSON as the model wrote it, or free text. Of an output, what it gave.</summary>
    public string Text { get; init; } = "";

    /// <summary>What a message or reasoning says.</summary>
    public IReadOnlyList<AnswerPart> Parts { get; init; } = [];

    /// <summary>Of reasoning, what only the provider can read; null if there is none.</summary>
    public string? Encrypted { get; init; }

    /// <summary>The item as it was recorded.</summary>
    public required string Json { get; init; }
}
