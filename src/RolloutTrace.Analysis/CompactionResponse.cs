using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>What a model answered to a request of a compaction. What is null is not known: there is only a state, or the answer cannot be read.</summary>
public sealed record CompactionResponse
{
    /// <summary>The provider's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The provider's id of the request, from its headers.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The tokens that it used.</summary>
    public RecordedTokenUsage? Usage { get; init; }
}
