using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Journal;

/// <summary>A payload file of which not all chunks have come.</summary>
internal sealed class OpenPayload(PayloadFacts facts)
{
    private readonly SortedDictionary<int, Extent> chunks = [];

    public PayloadFacts Facts => facts;

    public bool IsComplete => chunks.Count == facts.Chunks;

    public int ChunksHere => chunks.Count;

    public bool Has(int chunk) => chunks.ContainsKey(chunk);

    public void Add(int chunk, Extent extent) => chunks[chunk] = extent;

    /// <summary>Whether a chunk is the last that lacks.</summary>
    public bool IsCompletedBy(int chunk) => chunks.Count == facts.Chunks - 1 && !Has(chunk);

    /// <summary>The chunks in their order; null for the one that is elsewhere still.</summary>
    public IReadOnlyList<Extent?> ExtentsWith(int elsewhere) =>
        [.. chunks.Select(static chunk => (chunk.Key, (Extent?)chunk.Value)).Append((elsewhere, null)).OrderBy(static chunk => chunk.Item1).Select(static chunk => chunk.Item2)];

    public IReadOnlyList<Extent?> Extents() => [.. chunks.Values];
}
