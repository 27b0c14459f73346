using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Something that one agent did to another, where the log of its spans tells it.</summary>
internal readonly record struct DeliveryFact
{
    /// <summary>Its place in the causal order.</summary>
    public required long Seq { get; init; }

    public required InteractionEdgeKind Kind { get; init; }

    /// <summary>The thread that it was done to.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The tool call that did it; of a result the turn that gave it.</summary>
    public required string SourceId { get; init; }

    /// <summary>Of a result, the delivery's id.</summary>
    public string? EdgeId { get; init; }
}
