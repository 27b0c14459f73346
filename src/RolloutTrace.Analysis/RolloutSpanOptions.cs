namespace RolloutTrace.Analysis;

/// <summary>What <see cref="RolloutSpans"/> puts on the spans that it makes.</summary>
public sealed record RolloutSpanOptions
{
    /// <summary>
    /// Whether model requests and tool calls have their message content as attributes, cut to <see cref="ContentLimit"/>
    /// bytes each. Every payload with content is read for it. Default: no.
    /// </summary>
    public bool WithContent { get; init; }

    /// <summary>The most bytes of UTF-8 that one attribute with content has; 0, the default, for as many as live spans have it by default. Less than 64 is 64.</summary>
    public int ContentLimit { get; init; }

    /// <summary>
    /// Where bundles can be had, as <see cref="AgentSessionOptions.ContentBaseUri"/> says it of live spans; null for nowhere, which is the default.
    /// </summary>
    public Uri? ContentBaseUri { get; init; }
}
