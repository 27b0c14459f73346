namespace RolloutTrace;

/// <summary>What is known of a model request when it goes out. All members are optional.</summary>
public readonly struct ModelRequestOptions
{
    /// <summary>Id of the attempt, unique in the rollout; a fresh UUID by default.</summary>
    public string? RequestId { get; init; }

    /// <summary>Who serves the model; the session's provider by default.</summary>
    public string? ProviderName { get; init; }

    /// <summary>The response that an incremental request builds on, as the request itself names it.</summary>
    public string? PreviousResponseId { get; init; }
}
