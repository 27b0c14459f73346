using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.Reducer;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Reading;

/// <summary>What a request cost, under the names by which libraries say it.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.reasoning.output_tokens")]
    [InlineData("gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cache_write_input_tokens", "gen_ai.usage.reasoning_tokens")]
    [InlineData("gen_ai.usage.details.cache_read_tokens", "gen_ai.usage.details.cache_write_tokens", "gen_ai.usage.details.reasoning_tokens")]
    [InlineData("llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_write", "llm.token_count.completion_details.reasoning")]
    [InlineData("llm.usage.cache_read_input_tokens", "llm.usage.cache_creation_input_tokens", "llm.usage.reasoning_tokens")]
    [InlineData("ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.inputTokenDetails.cacheWriteTokens", "ai.usage.outputTokenDetails.reasoningTokens")]
    public void Tokens_of_each_kind_are_told_apart(string cacheRead, string cacheWrite, string reasoning)
    {
        using var bundles = new MappedBundles(
        [
            Span("chat1", null, 1, 10,
                ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m"), ("gen_ai.usage.input_tokens", 20), ("gen_ai.usage.output_tokens", 5),
                (cacheRead, 8), (cacheWrite, 4), (reasoning, 2)),
        ]);

        RolloutReducer.Reduce(bundles.Directories.ShouldHaveSingleItem()).Graph.InferenceCalls.Values.ShouldHaveSingleItem().Usage.ShouldBe(
            new RecordedTokenUsage { InputTokens = 20, CachedInputTokens = 8, CacheWriteInputTokens = 4, OutputTokens = 5, ReasoningOutputTokens = 2 });
    }
}
