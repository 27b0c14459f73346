namespace RolloutTrace.Reducer.Agents;

/// <summary>Something on its way to an agent, of which the agent's model has not been shown to know.</summary>
internal sealed record PendingEdge
{
    public required string EdgeId { get; init; }

    public required InteractionEdgeKind Kind { get; init; }

    public required InteractionAnchor Source { get; init; }

    public required DeliveryKey Delivery { get; init; }

    public required long StartedAtUnixMs { get; init; }

    public long? EndedAtUnixMs { get; init; }

    public required IdList PayloadIds { get; init; }

    /// <summary>The same edge observed once more: the union of what is known.</summary>
    public PendingEdge Merge(PendingEdge other) => this with
    {
        StartedAtUnixMs = Math.Min(StartedAtUnixMs, other.StartedAtUnixMs),
        EndedAtUnixMs = EdgeTimes.Later(EndedAtUnixMs, other.EndedAtUnixMs),
        PayloadIds = PayloadIds.Union(other.PayloadIds),
    };

    public InteractionEdge To(InteractionAnchor target, IdList carriedItemIds) => new()
    {
        EdgeId = EdgeId,
        Kind = Kind,
        Source = Source,
        Target = target,
        StartedAtUnixMs = StartedAtUnixMs,
        EndedAtUnixMs = EndedAtUnixMs,
        CarriedItemIds = carriedItemIds,
        CarriedRawPayloadIds = PayloadIds,
    };
}
