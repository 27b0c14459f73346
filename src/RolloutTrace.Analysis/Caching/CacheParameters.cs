namespace RolloutTrace.Analysis.Caching;

/// <summary>The parameters by which providers keep caches apart, or which become a part of what the model is shown before the items.</summary>
internal static class CacheParameters
{
    private static readonly HashSet<string> Names = new(
        [
            "prompt_cache_key", "prompt_cache_retention", "cachedContent", "cached_content",
            "tool_choice", "parallel_tool_calls", "toolConfig", "tool_config", "functions",
            "reasoning", "reasoning_effort", "thinking", "generationConfig.thinkingConfig",
            "text", "response_format", "output_config", "generationConfig.responseSchema", "generationConfig.responseJsonSchema",
        ],
        StringComparer.Ordinal);

    public static bool Has(string name) => Names.Contains(name);
}
