using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Runtime;

public class InferenceReductionTests
{
    [Theory]
    [InlineData("""{"input_tokens":5,"cached_input_tokens":-3,"output_tokens":2,"reasoning_output_tokens":0}""", 5, 0, 0, 2, 0)]
    [InlineData("""{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":1,"cache_write_input_tokens":4}""", 5, 1, 4, 2, 1)]
    [InlineData("""{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":1,"cache_write_input_tokens":"4"}""", 5, 1, 0, 2, 1)]
    public void End_UsageWithItsFourCounts_IsTaken(string usage, long input, long cached, long cacheWrite, long output, long reasoning) =>
        UsageOf(usage).ShouldBe(new RecordedTokenUsage
        {
            InputTokens = input,
            CachedInputTokens = cached,
            CacheWriteInputTokens = cacheWrite,
            OutputTokens = output,
            ReasoningOutputTokens = reasoning,
        });

    [Theory]
    [InlineData("null")]
    [InlineData("""{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":1.5}""")]
    public void End_UsageThatLacksACount_IsNone(string usage) => UsageOf(usage).ShouldBeNull();

    [Fact]
    public void Start_IncrementalRequestThatDiffersFromTheHistoryAtItsPlace_IsRefused()
    {
        const string First = """{"input":[]}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", First);
        Complete(bundle, "i1", "r1", """{"output_items":[]}""");
        bundle.Request("i2", """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}]}""");
        bundle.Request("i3", """{"previous_response_id":"r1","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"b"}]}]}""");

        var refusal = Should.Throw<ReductionException>(() => bundle.Reduce(strict: true));

        refusal.Diagnostic.Line.ShouldBe(6);
        refusal.Message.ShouldContain("rewrites history");
    }

    private static RecordedTokenUsage? UsageOf(string usage)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""");
        Complete(bundle, "i1", "r1", $$"""{"output_items":[],"token_usage":{{usage}}}""");
        return bundle.Reduce(strict: true).Graph.InferenceCalls["i1"].Usage;
    }

    private static void Complete(TestBundle bundle, string callId, string responseId, string response) => bundle.Append(new InferenceCompletedEvent
    {
        InferenceCallId = callId,
        ResponseId = responseId,
        ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, response),
    });
}
