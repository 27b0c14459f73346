using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>A request to a model, be it of a turn or of a compaction.</summary>
internal sealed record RequestRow
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string ThreadId { get; init; }

    public required string TurnId { get; init; }

    public string? CompactionId { get; init; }

    public required string Model { get; init; }

    public required string ProviderName { get; init; }

    public required ExecutionWindow Execution { get; init; }

    public string? ResponseId { get; init; }

    public string? UpstreamRequestId { get; init; }

    public int? InputItems { get; init; }

    public int? OutputItems { get; init; }

    public RecordedTokenUsage? Usage { get; init; }

    public CacheMissCause? CacheMiss { get; init; }

    /// <summary>What fills its input; empty where that is not known.</summary>
    public required IReadOnlyList<ContextOrigin> Origins { get; init; }

    public string? Error { get; init; }

    /// <summary>How many bytes come from an origin; null where nothing is known of the input.</summary>
    public long? Bytes(ContextOriginKind origin) => Origins.Count == 0 ? null : Origins.Where(part => part.Origin == origin).Sum(static part => part.Bytes);
}
