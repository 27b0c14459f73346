using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>Whoever is asked for the tokens of a rollout says the same.</summary>
public sealed class TokenTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_100_000);

    public static TheoryData<string> Bundles =>
        [.. ConformanceCase.Names.Select(name => ConformanceCase.Named(name).Bundle).Concat(FieldCase.Names.Select(FieldCase.Bundle)).Select(path => Path.GetRelativePath(FieldCase.Root, path))];

    [Theory]
    [MemberData(nameof(Bundles))]
    public void List_inspect_and_exports_agree(string path) => AllAgree(BundleReader.Open(Path.Join(FieldCase.Root, path)));

    [Fact]
    public void Compaction_requests_count_in_their_turn_session_and_rollout()
    {
        var rollout = OpenRollout.Open(BundleReader.Open(FieldCase.Bundle("tokens-of-compaction/bundle")));
        var outline = RolloutOutline.Of(rollout);
        var all = Flatten(outline).ToList();

        all.Single(node => node.Kind == OutlineKind.CompactionRequest).Usage.ShouldBe(new RecordedTokenUsage { InputTokens = 5000, CachedInputTokens = 0, CacheWriteInputTokens = 0, OutputTokens = 70, ReasoningOutputTokens = 0 });
        foreach (var usage in new[] { all.Single(node => node.Kind == OutlineKind.Turn).Usage, outline.ShouldHaveSingleItem().Usage, InspectAnswer.Of(rollout, outline).Usage, BundleOverview.Read(rollout.Bundle!, Now).Usage })
        {
            (usage!.InputTokens, usage.OutputTokens).ShouldBe((5200, 90));
        }
    }

    [Theory]
    [InlineData("""{"token_usage":{"input_tokens":7,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":0},"output_items":[]}""", 7, 2)]
    [InlineData("""{"id":"r","object":"response","output":[],"usage":{"input_tokens":7,"output_tokens":2}}""", 7, 2)]
    [InlineData("""{"id":"c","choices":[{"message":{"role":"assistant","content":"a"}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}""", 7, 2)]
    [InlineData("""{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"a"}],"usage":{"input_tokens":7,"cache_read_input_tokens":20,"cache_creation_input_tokens":100,"output_tokens":2}}""", 127, 2)]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"thoughtsTokenCount":3}}""", 7, 5)]
    [InlineData("""[{"type":"response.created","response":{"id":"r"}},{"type":"response.completed","response":{"id":"r","output":[],"usage":{"input_tokens":7,"output_tokens":2}}}]""", 7, 2)]
    [InlineData("""[{"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":7,"output_tokens":1}}},{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}]""", 7, 2)]
    [InlineData("""{"answer":{"usage":{"input_tokens":7,"output_tokens":2}}}""", 7, 2)]
    [InlineData("\uFEFF" + """{"output_items":[],"token_usage":{"input_tokens":7,"cached_input_tokens":0,"output_tokens":2,"reasoning_output_tokens":0}}""", 7, 2)]
    public void Tokens_of_every_dialect_count_in_requests_and_compactions(string response, long input, long output)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""");
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i1", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, response) });
        Compact(bundle, response);

        var total = AllAgree(bundle.Open());

        (total!.InputTokens, total.OutputTokens).ShouldBe((2 * input, 2 * output));
    }

    [Fact]
    public void Tokens_of_an_answer_that_was_given_up_count()
    {
        const string Partial = """{"output_items":[],"token_usage":{"input_tokens":7,"cached_input_tokens":0,"output_tokens":2,"reasoning_output_tokens":0}}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""").Request("i2", """{"input":[]}""");
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "stop", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, Partial) });
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i2", Error = "e", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, Partial) });

        AllAgree(bundle.Open())!.InputTokens.ShouldBe(14);
    }

    [Fact]
    public void Tokens_of_an_answer_to_nothing_do_not_count()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "unknown", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, """{"output_items":[],"token_usage":{"input_tokens":7,"cached_input_tokens":0,"output_tokens":2,"reasoning_output_tokens":0}}""") });

        AllAgree(bundle.Open()).ShouldBeNull();
    }

    private static void Compact(TestBundle bundle, string response)
    {
        bundle.Append(new CompactionRequestStartedEvent
        {
            CompactionId = "k",
            CompactionRequestId = "k1",
            ThreadId = TestBundle.Root,
            CodexTurnId = "turn-1",
            Model = "m",
            ProviderName = "p",
            RequestPayload = bundle.Payload(PayloadKind.CompactionRequest, """{"input":[]}"""),
        });
        bundle.Append(new CompactionRequestCompletedEvent { CompactionId = "k", CompactionRequestId = "k1", ResponsePayload = bundle.Payload(PayloadKind.CompactionResponse, response) });
    }

    private static RecordedTokenUsage? AllAgree(BundleReader bundle)
    {
        var rollout = OpenRollout.Open(bundle);
        var outline = RolloutOutline.Of(rollout);
        var nodes = Flatten(outline).ToList();
        var spans = RolloutSpans.Of(rollout);
        var total = InspectAnswer.Of(rollout, outline).Usage;

        SumOf(nodes, OutlineKind.Session).ShouldBe(total);
        SumOf(nodes, OutlineKind.Turn).ShouldBe(total);
        SumOf(nodes, OutlineKind.Request, OutlineKind.CompactionRequest).ShouldBe(total);
        BundleOverview.Read(bundle, Now).Usage.ShouldBe(total);
        Exported(spans, "chat", RolloutAttributes.GenAI.UsageInputTokens).ShouldBe(total?.InputTokens ?? 0);
        Exported(spans, "chat", RolloutAttributes.GenAI.UsageOutputTokens).ShouldBe(total?.OutputTokens ?? 0);
        Exported(spans, "invoke_agent", RolloutAttributes.GenAI.UsageInputTokens).ShouldBe(total?.InputTokens ?? 0);
        Exported(spans, "invoke_agent", RolloutAttributes.GenAI.UsageOutputTokens).ShouldBe(total?.OutputTokens ?? 0);
        return total;
    }

    private static RecordedTokenUsage? SumOf(IEnumerable<OutlineNode> nodes, params OutlineKind[] kinds) =>
        TokenSum.Of(nodes.Where(node => kinds.Contains(node.Kind)).Select(node => node.Usage));

    private static long Exported(IEnumerable<RolloutSpan> spans, string operation, string attribute) => spans
        .Where(span => Equals(span.Attributes.GetValueOrDefault(RolloutAttributes.GenAI.OperationName), operation))
        .Sum(span => span.Attributes.TryGetValue(attribute, out var tokens) ? (long)tokens : 0);

    private static IEnumerable<OutlineNode> Flatten(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(node => Flatten(node.Children).Prepend(node));
}
