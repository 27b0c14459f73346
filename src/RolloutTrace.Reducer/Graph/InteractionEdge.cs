namespace RolloutTrace.Reducer;

/// <summary>Something that went from one agent to another.</summary>
public sealed record InteractionEdge
{
    /// <summary>The edge's id.</summary>
    public required string EdgeId { get; init; }

    /// <summary>What went.</summary>
    public required InteractionEdgeKind Kind { get; init; }

    /// <summary>Where from.</summary>
    public required InteractionAnchor Source { get; init; }

    /// <summary>Where to.</summary>
    public required InteractionAnchor Target { get; init; }

    /// <summary>When it was sent, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>When sending was done, in milliseconds since the Unix epoch; null if that is not known.</summary>
    public long? EndedAtUnixMs { get; init; }

    /// <summary>The conversation items that carried it.</summary>
    public IdList CarriedItemIds { get; init; } = IdList.Empty;

    /// <summary>The payloads that tell of it.</summary>
    public IdList CarriedRawPayloadIds { get; init; } = IdList.Empty;
}
