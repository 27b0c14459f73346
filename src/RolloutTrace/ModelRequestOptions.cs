using System.Diagnostics;

namespace RolloutTrace;

/// <summary>What is known of a model request when it goes out. All members are optional.</summary>
public readonly struct ModelRequestOptions
{
    /// <summary>Id of the attempt, unique in the rollout; a fresh UUID by default.</summary>
    public string? RequestId { get; init; }

    /// <summary>Who serves the model; the session's provider by default.</summary>
    public string? ProviderName { get; init; }

    /// <summary>
    /// Where the request goes: its host and port stand on the span, and nothing else of it. By default where the session's requests go.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The response that an incremental request builds on; by default the one that the request itself names.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>The span of another library that stands for the same; no span is started then.</summary>
    internal Activity? Span { get; init; }

    /// <summary>No span is to be started, and there is none to be had.</summary>
    internal bool HasNoSpan { get; init; }
}
