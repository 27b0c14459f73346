namespace RolloutTrace;

/// <summary>What a model request used, in tokens; none of the numbers is negative.</summary>
/// <param name="InputTokens">Tokens of the input, cached ones included.</param>
/// <param name="OutputTokens">Tokens of the output, reasoning included.</param>
/// <param name="CachedInputTokens">Tokens of the input that came from the provider's cache.</param>
/// <param name="CacheWriteInputTokens">Tokens of the input that went into the provider's cache.</param>
/// <param name="ReasoningOutputTokens">Tokens of the output spent on reasoning.</param>
public readonly record struct TokenUsage(
    long InputTokens,
    long OutputTokens,
    long CachedInputTokens = 0,
    long CacheWriteInputTokens = 0,
    long ReasoningOutputTokens = 0)
{
    /// <summary>The usage as readers take it: what is negative is nothing.</summary>
    internal TokenUsage Sound() => new(
        Math.Max(0, InputTokens), Math.Max(0, OutputTokens), Math.Max(0, CachedInputTokens), Math.Max(0, CacheWriteInputTokens), Math.Max(0, ReasoningOutputTokens));
}
