namespace RolloutTrace;

/// <summary>What a provider says about its response. All members are optional.</summary>
public readonly struct ModelResponseDetails
{
    /// <summary>The provider's id of the request, usually a response header.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The model that answered, where it is another than the one asked for or names a version; null if it is not told.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>Why the model stopped, a word for each choice, such as <c>stop</c>; null if it is not told.</summary>
    public string[]? FinishReasons { get; init; }
}
