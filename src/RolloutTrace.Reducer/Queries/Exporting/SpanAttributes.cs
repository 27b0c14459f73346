namespace RolloutTrace.Reducer.Queries;

/// <summary>Attributes of a span: none that has nothing to say, and none longer than a back end likes.</summary>
internal sealed class SpanAttributes
{
    // The live instrumentation cuts at the same length.
    private const int MaxLength = 256;

    private readonly SortedDictionary<string, object> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Values => values;

    public SpanAttributes Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            var length = value.Length <= MaxLength ? value.Length : char.IsHighSurrogate(value[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
            values[name] = length == value.Length ? value : string.Concat(value.AsSpan(0, length), "...");
        }

        return this;
    }

    public SpanAttributes Add(string name, long value)
    {
        values[name] = value;
        return this;
    }

    public SpanAttributes Add(string name, bool value)
    {
        values[name] = value;
        return this;
    }

    public SpanAttributes Add(TokenUsage? usage) => usage is null ? this : this
        .Add(RolloutAttributes.GenAI.UsageInputTokens, usage.InputTokens)
        .Add(RolloutAttributes.GenAI.UsageOutputTokens, usage.OutputTokens)
        .Add(RolloutAttributes.GenAI.UsageCacheReadInputTokens, usage.CachedInputTokens)
        .Add(RolloutAttributes.GenAI.UsageCacheWriteInputTokens, usage.CacheWriteInputTokens)
        .Add(RolloutAttributes.GenAI.UsageReasoningOutputTokens, usage.ReasoningOutputTokens);
}
