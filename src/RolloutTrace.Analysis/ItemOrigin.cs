namespace RolloutTrace.Analysis;

/// <summary>Where an item of a conversation comes from, and how much of the context it takes.</summary>
public sealed record ItemOrigin
{
    /// <summary>The item.</summary>
    public required string ItemId { get; init; }

    /// <summary>The origin.</summary>
    public required ContextOriginKind Origin { get; init; }

    /// <summary>Of an output, the tool's name as the model calls it; null for other items, and where it is not known.</summary>
    public required string? Tool { get; init; }

    /// <summary>Of a call, the name of what is called; of an output too where the API says it. Null where nothing says it.</summary>
    public required string? Name { get; init; }

    /// <summary>How much text it has, in bytes of UTF-8. Images and files count nothing.</summary>
    public required long Bytes { get; init; }
}
