namespace RolloutTrace.Joining.Parts;

/// <summary>A thread as a part tells it.</summary>
internal sealed record PartThread
{
    /// <summary>The part's own path of it.</summary>
    public required string Path { get; init; }

    public string? Nickname { get; init; }

    public string? TaskName { get; init; }

    public string? Role { get; init; }

    /// <summary>Where it starts among the part's events.</summary>
    public required int Start { get; init; }
}
