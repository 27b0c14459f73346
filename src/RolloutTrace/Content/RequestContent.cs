namespace RolloutTrace.Content;

/// <summary>The content of a request; null for what it has not.</summary>
internal sealed record RequestContent
{
    public ContentValue? Instructions { get; init; }

    public ContentValue? Tools { get; init; }

    public ContentValue? Input { get; init; }

    /// <summary>What the user says: the last message of the user's.</summary>
    public ContentValue? UserInput { get; init; }
}
