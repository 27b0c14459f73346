using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>Half a surrogate pair costs a character, not the event that names the payload.</summary>
public class MendedTextTests
{
    [Fact]
    public void Half_a_pair_is_kept_as_the_replacement_character_with_one_warning_a_payload()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Input(Message("""a\ud83d"""), Message("""\udc00b \ud83d\ude00""")));

        var result = bundle.Reduce();

        Texts(result.Graph, "i1").ShouldBe(["a\ufffd", "\ufffdb 😀"]);
        var diagnostic = result.Diagnostics.ShouldHaveSingleItem();
        (diagnostic.Severity, diagnostic.Code, diagnostic.Message).ShouldBe(
            (DiagnosticSeverity.Warning, DiagnosticCodes.TextMended, "payload raw_payload:1 holds text with half a surrogate pair; U+FFFD stands in the place of each"));
    }

    [Fact]
    public void The_same_text_sent_again_is_the_same_item()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Input(Message("""a\ud83d""")))
            .Request("i2", Input(Message("""a\ud83d"""), Message("b")))
            .Request("i3", Input(Message("""a\ud83d"""), Message("b")));

        var result = bundle.Reduce();

        result.Graph.ConversationItems.Count.ShouldBe(2);
        result.Graph.InferenceCalls["i3"].RequestItemIds.ShouldBe(["conversation_item:1", "conversation_item:2"]);
        result.Diagnostics.Select(d => d.Seq).ShouldBe([3, 4, 5], "each payload has the text, and each is told");
    }

    [Theory]
    [InlineData("""{"type":"function_call","name":"f","arguments":{"\ud800":1},"call_id":"c"}""", """{"<U+FFFD>":1}""")]
    [InlineData("""{"type":"web_search_call","q":"\udfff"}""", """{"type":"web_search_call","q":"<U+FFFD>"}""")]
    public void Names_of_members_and_json_parts_are_mended_too(string item, string summary)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(item));

        var graph = bundle.Reduce().Graph;

        graph.ConversationItems["conversation_item:1"].Body.Parts.ShouldHaveSingleItem().ShouldBeOfType<JsonPart>()
            .Summary.ShouldBe(summary.Replace("<U+FFFD>", "\ufffd"));
    }

    [Fact]
    public void An_event_behind_it_is_not_mended()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(Message("""\ud83d"""))).Request("i2", Input(Message("sound")));

        bundle.Reduce().Diagnostics.ShouldHaveSingleItem().Seq.ShouldBe(3);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_mended_too()
    {
        using var bundle = new TestBundle().WithTurn();
        var payload = bundle.Payload(PayloadKind.InferenceRequest, "{}");
        File.WriteAllBytes(Path.Join(bundle.Directory, payload.Path), [.. "{\"input\":[{\"type\":\""u8, 0xff, .. "\"}]}"u8]);
        bundle.Append(new InferenceStartedEvent
        {
            InferenceCallId = "i1", ThreadId = TestBundle.Root, CodexTurnId = TestBundle.Turn, Model = "m", ProviderName = "p", RequestPayload = payload,
        });

        var result = bundle.Reduce();

        var item = result.Graph.ConversationItems[result.Graph.InferenceCalls["i1"].RequestItemIds.ShouldHaveSingleItem()];
        item.Body.Parts.ShouldBe([new JsonPart { Summary = "{\"type\":\"\uFFFD\"}", RawPayloadId = "raw_payload:1" }]);
        result.Diagnostics.Select(diagnostic => diagnostic.Code).ShouldBe([DiagnosticCodes.TextMended, DiagnosticCodes.UnknownItemType]);
    }

    [Fact]
    public void Strict_reduction_refuses_it()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(Message("""a\ud83d""")));

        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Message.ShouldEndWith("payload raw_payload:1 holds text that is not valid Unicode");
    }

    private static string Input(params string[] items) => $$"""{"input":[{{string.Join(',', items)}}]}""";

    private static string Message(string text) => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""";

    private static IEnumerable<string> Texts(RolloutGraph graph, string callId) =>
        graph.InferenceCalls[callId].RequestItemIds.Select(id => ((TextPart)graph.ConversationItems[id].Body.Parts[0]).Text);
}
