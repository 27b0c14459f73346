using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>A payload that the recorder replaced by a marker is missing, with the reason: what it held is unknown, not empty.</summary>
public class ReplacedPayloadTests
{
    private const string One = """{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}""";
    private const string Two = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"two"}]}""";
    private const string Three = """{"type":"message","role":"user","content":[{"type":"input_text","text":"three"}]}""";
    private const string Replaced = """{"input":[],"rollout_trace_error":"too large"}""";

    [Fact]
    public void A_request_exists_with_its_reason()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(One)).Request("i2", Replaced).Request("i3", Input(One, Two));

        var result = bundle.Reduce();

        var diagnostic = result.Diagnostics.ShouldHaveSingleItem();
        (diagnostic.Code, diagnostic.Severity, diagnostic.Seq).ShouldBe((DiagnosticCodes.PayloadReplaced, DiagnosticSeverity.Warning, 4));
        diagnostic.Message.ShouldBe("payload raw_payload:2 is missing: the recorder replaced it (too large)");
        result.Graph.InferenceCalls["i2"].RawRequestPayloadId.ShouldBe("raw_payload:2");
        result.Graph.InferenceCalls["i2"].RequestItemIds.ShouldBeEmpty();
    }

    [Fact]
    public void The_next_request_knows_its_items_again()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(One)).Request("i2", Replaced).Request("i3", Input(One, Two));

        var graph = bundle.Reduce().Graph;

        graph.InferenceCalls["i1"].RequestItemIds.ShouldBe(["conversation_item:1"]);
        graph.InferenceCalls["i3"].RequestItemIds.ShouldBe(["conversation_item:1", "conversation_item:2"]);
        graph.ConversationItems.Count.ShouldBe(2);
    }

    [Fact]
    public void What_remains_of_a_request_and_a_response_is_shown_and_nothing_follows_from_what_does_not()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Input(One))
            .Request("i2", $$"""{"input":[{{One}},{{Two}}],"rollout_trace_error":"cut"}""")
            .Respond("i2", $$"""{"output_items":[{{Three}}],"rollout_trace_error":"cut"}""")
            .Request("i3", Input(One, Two));

        var result = bundle.Reduce();

        result.Diagnostics.Select(static diagnostic => diagnostic.Code).ShouldBe([DiagnosticCodes.PayloadReplaced, DiagnosticCodes.PayloadReplaced]);
        result.Graph.InferenceCalls["i2"].RequestItemIds.ShouldBe(["conversation_item:1", "conversation_item:2"]);
        result.Graph.InferenceCalls["i2"].ResponseItemIds.ShouldBe(["conversation_item:3"]);
        result.Graph.InferenceCalls["i3"].RequestItemIds.ShouldBe(["conversation_item:1", "conversation_item:2"]);
        (result.Facts.UnknownRequests.Keys.Single(), result.Facts.UnknownResponses.Keys.Single()).ShouldBe(("i2", "i2"));
    }

    [Fact]
    public void A_response_ends_its_request_with_the_usage_that_remains()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(One)).Respond(
            "i1",
            """{"output_items":[],"token_usage":{"input_tokens":9,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":0},"rollout_trace_error":"too large"}""");

        var result = bundle.Reduce();

        var call = result.Graph.InferenceCalls["i1"];
        (call.Execution.Status, call.RawResponsePayloadId, call.Usage?.InputTokens).ShouldBe((ExecutionStatus.Completed, "raw_payload:2", 9));
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.PayloadReplaced);
    }

    [Fact]
    public void An_incremental_request_behind_a_response_that_is_unknown_has_what_is_known_and_loses_no_item()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Input(One))
            .Respond("i1", """{"output_items":[],"rollout_trace_error":"too large"}""", "r1")
            .Request("i2", $$"""{"previous_response_id":"r1","input":[{{Three}}]}""")
            .Request("i3", Input(One, Two, Three));

        var result = bundle.Reduce();

        result.Diagnostics.ShouldHaveSingleItem("one cause, one diagnostic");
        result.Graph.InferenceCalls["i2"].RequestItemIds.ShouldBe(["conversation_item:1", "conversation_item:2"]);
        var texts = result.Graph.InferenceCalls["i3"].RequestItemIds.Select(id => ((TextPart)result.Graph.ConversationItems[id].Body.Parts[0]).Text);
        texts.ShouldBe(["one", "two", "three"]);
        result.Graph.ConversationItems.Count.ShouldBe(3, "the item of the incremental request is known again");
    }

    [Fact]
    public void A_checkpoint_leaves_a_compaction_and_a_history_that_is_not_known()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(One));
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "c1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, """{"input_history":[],"replacement_history":[],"rollout_trace_error":"too large"}"""),
        });

        var result = bundle.Request("i2", Input(Three)).Reduce();

        result.Graph.Compactions.Keys.ShouldBe(["c1"]);
        result.Graph.InferenceCalls["i2"].RequestItemIds.Count.ShouldBe(1);
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.PayloadReplaced);
    }

    [Fact]
    public void Strict_reduction_reads_what_stands_there()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Input(One)).Request("i2", Replaced);

        bundle.Reduce(strict: true).Graph.InferenceCalls["i2"].RequestItemIds.ShouldBeEmpty();
    }

    private static string Input(params string[] items) => $$"""{"input":[{{string.Join(',', items)}}]}""";
}
