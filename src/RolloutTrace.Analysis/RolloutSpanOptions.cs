namespace RolloutTrace.Analysis;

/// <summary>What <see cref="RolloutSpans"/> puts on the spans that it makes.</summary>
public sealed record RolloutSpanOptions
{
    /// <summary>
    /// Whether model requests and tool calls have their message content as attributes, cut to 3072 bytes each as live spans have
    /// it by default. Every payload with content is read for it. Default: no.
    /// </summary>
    public bool WithContent { get; init; }
}
