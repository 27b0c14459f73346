using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Where in a bundle something is to be seen: an event of the log, or a payload.</summary>
public sealed record Evidence
{
    /// <summary>Sequence number of the event; null if a payload is the evidence.</summary>
    public long? Seq { get; init; }

    /// <summary>Path of the payload file below the bundle; null if an event is the evidence.</summary>
    public string? PayloadPath { get; init; }

    /// <summary>The event with this sequence number.</summary>
    public static Evidence Event(long seq) => new() { Seq = seq };

    /// <summary>A payload of a state; nothing if there is no such payload.</summary>
    public static IEnumerable<Evidence> Payload(RolloutGraph graph, string? payloadId)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return payloadId is not null && graph.RawPayloads.TryGetValue(payloadId, out var payload)
            ? [new Evidence { PayloadPath = payload.Path }]
            : [];
    }

    /// <inheritdoc/>
    public override string ToString() => PayloadPath ?? $"seq {Seq}";
}
