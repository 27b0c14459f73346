using RolloutTrace.Analysis.Caching;

namespace RolloutTrace.Analysis;

/// <summary>Why a request found less in the provider's cache than it should have.</summary>
public sealed record CacheMiss
{
    /// <summary>The request that it is compared with: the last one before in its thread that was answered.</summary>
    public required string BeforeInferenceCallId { get; init; }

    /// <summary>The first reason, in the order in which a model is shown what a request gives.</summary>
    public required CacheMissCause Cause { get; init; }

    /// <summary>Of a tool or an item, its place in the request, from 1; null for other causes.</summary>
    public required int? Place { get; init; }

    /// <summary>Name of the tool or the parameter, or the id of the item or compaction; null for other causes.</summary>
    public required string? Subject { get; init; }

    /// <summary>The way to the first member that differs in a tool or an item, such as <c>content[0].text</c>; null for other causes.</summary>
    public required string? Member { get; init; }

    /// <summary>What stood there and what stands there; null where nothing differs, and for a compaction.</summary>
    public required TextChange? Change { get; init; }

    /// <summary>The reason as a sentence's end, on one line.</summary>
    public string Reason => CacheMissText.Of(this);

    /// <summary>How long the provider was not asked, in milliseconds, from the end of the request before; null if that is not known.</summary>
    public required long? PauseMs { get; init; }

    /// <summary>Tokens that would have been cached had the request only added to the one before; estimated from bytes, and no more than the one before had.</summary>
    public required long ExpectedTokens { get; init; }

    /// <summary>Tokens of what is the same in both up to the first difference; estimated in the same way.</summary>
    public required long SharedTokens { get; init; }

    /// <summary>Tokens that were read anew instead: those expected without those cached.</summary>
    public required long MissedTokens { get; init; }
}
