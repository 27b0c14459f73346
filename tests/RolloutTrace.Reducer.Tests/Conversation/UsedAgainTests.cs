using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>A call id, or a place in the history, that is used for something else: both are kept, and it is said once.</summary>
public sealed class UsedAgainTests : IDisposable
{
    private readonly TestBundle bundle = new TestBundle().WithTurn();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void An_old_output_that_was_cleared_is_a_new_item_in_its_place()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("c1", "ls"))).Append(Tool("t1", "c1"));
        bundle.Request("i2", Input(User("go"), Call("c1", "ls"), Result("c1", "much text"))).Respond("i2", Output(Call("c2", "cat")));
        bundle.Request("i3", Input(User("go"), Call("c1", "ls"), Result("c1", "[cleared]"), Call("c2", "cat"), Result("c2", "text")));
        bundle.Request("i4", Input(User("go"), Call("c1", "ls"), Result("c1", "[cleared]"), Call("c2", "cat"), Result("c2", "text"), User("more")));

        var result = bundle.Reduce();

        Shown(result, "i2").ShouldBe(["go", "ls", "much text"]);
        Shown(result, "i3").ShouldBe(["go", "ls", "[cleared]", "cat", "text"]);
        Shown(result, "i4").ShouldBe(["go", "ls", "[cleared]", "cat", "text", "more"]);
        result.Graph.ToolCalls["t1"].ModelVisibleOutputItemIds.Select(id => Text(result, id)).ShouldBe(["much text", "[cleared]"]);
        result.Diagnostics.Select(d => d.Code).ShouldBe([DiagnosticCodes.CallIdReused]);
    }

    [Fact]
    public void An_image_that_was_replaced_by_a_text_is_a_new_item_in_its_place()
    {
        const string Image = """{"type":"function_call_output","call_id":"c1","output":[{"type":"input_image","image_url":"data:"}]}""";
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("c1", "shot")));
        bundle.Request("i2", Input(User("go"), Call("c1", "shot"), Image)).Request("i3", Input(User("go"), Call("c1", "shot"), Image));
        bundle.Request("i4", Input(User("go"), Call("c1", "shot"), Result("c1", "[image]")));

        var result = bundle.Reduce();

        result.Graph.InferenceCalls["i3"].RequestItemIds.ShouldBe(result.Graph.InferenceCalls["i2"].RequestItemIds, "the payload of an image is that of its request");
        Shown(result, "i4").ShouldBe(["go", "shot", "[image]"]);
    }

    [Fact]
    public void Ids_that_start_again_pair_by_place_in_incremental_requests_too()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("call_0", "ls a")), "r1").Append(Tool("t1", "call_0"));
        bundle.Request("i2", Continuing("r1", Result("call_0", "a"))).Respond("i2", Output(Call("call_0", "ls b")), "r2").Append(Tool("t2", "call_0"));
        bundle.Request("i3", Continuing("r2", Result("call_0", "b"))).Respond("i3", Output(Call("call_0", "ls a")), "r3").Append(Tool("t3", "call_0"));
        bundle.Request("i4", Continuing("r3", Result("call_0", "a again")));

        var result = bundle.Reduce();

        Shown(result, "i4").ShouldBe(["go", "ls a", "a", "ls b", "b", "ls a", "a again"]);
        Pairs(result).ShouldBe(["t1: ls a -> a", "t2: ls b -> b", "t3: ls a -> a again"]);
        result.Graph.InferenceCalls.Values.Take(3).SelectMany(call => call.ToolCallIdsStartedByResponse).ShouldBe(["t1", "t2", "t3"]);
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.CallIdReused);
    }

    [Fact]
    public void Of_several_calls_of_one_response_the_first_comes_first()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("x", "one"), Call("x", "two")));
        bundle.Append(Tool("t1", "x")).Append(Tool("t2", "x"));
        bundle.Request("i2", Input(User("go"), Call("x", "one"), Call("x", "two"), Result("x", "1"), Result("x", "2")));

        Pairs(bundle.Reduce()).ShouldBe(["t1: one -> 1", "t2: two -> 2"]);
    }

    [Fact]
    public void A_call_that_nobody_ran_leaves_its_place_free()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("x", "one")));
        bundle.Request("i2", Input(User("go"), Call("x", "one"), Result("x", "declined"))).Respond("i2", Output(Call("x", "two"))).Append(Tool("t1", "x"));
        bundle.Request("i3", Input(User("go"), Call("x", "one"), Result("x", "declined"), Call("x", "two"), Result("x", "2")));

        Pairs(bundle.Reduce()).ShouldBe(["t1: two -> 2"]);
    }

    [Fact]
    public void A_child_with_the_ids_of_its_parent_has_calls_of_its_own()
    {
        bundle.WithTurn("child", "child-turn", "/root/child");
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("call_0", "parent's"))).Append(Tool("t1", "call_0"));
        bundle.Request("i2", Input(User("do")), "child", "child-turn");
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i2", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, Output(Call("call_0", "child's"))) }, "child", "child-turn");
        bundle.Append(Tool("t2", "call_0"), "child", "child-turn");
        bundle.Request("i3", Input(User("do"), Call("call_0", "child's"), Result("call_0", "c")), "child", "child-turn");
        bundle.Request("i4", Input(User("go"), Call("call_0", "parent's"), Result("call_0", "p")));

        Pairs(bundle.Reduce()).ShouldBe(["t1: parent's -> p", "t2: child's -> c"]);
    }

    [Fact]
    public void A_checkpoint_may_hold_it_too()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("c", "ls")));
        bundle.Request("i2", Input(User("go"), Call("c", "ls"), Result("c", "long"))).Respond("i2", Output(Assistant("done")));
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(
                PayloadKind.CompactionCheckpoint,
                $$"""{"input_history":[{{User("go")}},{{Call("c", "ls")}},{{Result("c", "[cleared]")}},{{Assistant("done")}}],"replacement_history":[{{User("go")}},{{Call("c", "ls")}},{{Result("c", "short")}}]}"""),
        });
        bundle.Request("i3", Input(User("go"), Call("c", "ls"), Result("c", "short"), User("on")));

        var result = bundle.Reduce();

        result.Graph.Compactions["k1"].InputItemIds.Select(id => Text(result, id)).ShouldBe(["go", "ls", "[cleared]", "done"]);
        Shown(result, "i3").ShouldBe(["go", "ls", "short", "on"]);
        result.Graph.InferenceCalls["i3"].RequestItemIds.Take(3).ShouldBe(result.Graph.Compactions["k1"].ReplacementItemIds);
        result.Diagnostics.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_follows_a_response_that_was_cancelled_may_go_on_without_it(bool isIncremental)
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Assistant("yes")), "r1");
        bundle.Request("i2", isIncremental ? Continuing("r1", User("more")) : Input(User("go"), Assistant("yes"), User("more")));
        bundle.Append(new InferenceCancelledEvent
        {
            InferenceCallId = "i2", Reason = "interrupted", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, Output(Assistant("half"), Call("c1", "half"))),
        });
        bundle.Request("i3", isIncremental ? Continuing("r1", User("more"), User("else"), User("and")) : Input(User("go"), Assistant("yes"), User("more"), User("else"), User("and")));
        bundle.Respond("i3", Output(Call("c1", "whole")));

        var result = bundle.Reduce();

        Shown(result, "i3").ShouldBe(["go", "yes", "more", "else", "and"]);
        result.Graph.InferenceCalls["i2"].ResponseItemIds.Select(id => Text(result, id)).ShouldBe(["half", "half"]);
        result.Graph.InferenceCalls["i3"].ResponseItemIds.Select(id => Text(result, id)).ShouldBe(["whole"]);
        result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void An_incremental_request_behind_an_unknown_response_follows_the_history()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Assistant("yes")), "r1");
        bundle.Request("i2", Continuing("r-unknown", User("more"))).Respond("i2", Output(Assistant("ok")), "r2");
        bundle.Request("i3", Continuing("r2", User("last")));

        var result = bundle.Reduce();

        Shown(result, "i2").ShouldBe(["go", "yes", "more"]);
        Shown(result, "i3").ShouldBe(["go", "yes", "more", "ok", "last"]);
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.UnknownResponse);
    }

    [Fact]
    public void An_image_in_the_history_does_not_break_an_incremental_retry()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:"}]}""";
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Assistant("yes")), "r1");
        bundle.Request("i2", Continuing("r1", Image)).Append(new InferenceFailedEvent { InferenceCallId = "i2", Error = "503" });
        bundle.Request("i3", Continuing("r1", Image)).Respond("i3", Output(Assistant("seen")));

        var result = bundle.Reduce();

        result.Graph.InferenceCalls["i3"].RequestItemIds.ShouldBe(result.Graph.InferenceCalls["i2"].RequestItemIds);
        result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void A_built_in_call_is_the_same_whatever_its_id_and_status()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output("""{"type":"web_search_call","id":"ws_1","call_id":"c","status":"completed","action":{"query":"q"}}"""));
        bundle.Request("i2", Input(User("go"), """{"type":"web_search_call","call_id":"c","action":{"query":"q"}}"""));
        bundle.Request("i3", Input(User("go"), """{"type":"web_search_call","call_id":"c","status":"incomplete","action":{"query":"q"}}"""));

        var result = bundle.Reduce();

        result.Graph.ConversationItems.Count.ShouldBe(2);
        result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Tool_calls_without_an_id_learn_it_from_their_result_or_their_instrumentation()
    {
        bundle.Request("i1", Input(User("go"))).Respond("i1", Output(Call("call_0", "a")));
        bundle.Append(Tool("t1", null)).Append(Ended("t1", """{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"call_0","output":"1"}}"""));
        bundle.Request("i2", Input(User("go"), Call("call_0", "a"), Result("call_0", "1"))).Respond("i2", Output(Call("call_0", "b")));
        bundle.Append(Tool("t2", null, """{"tool_name":"f","payload":{"type":"function","arguments":"{}"},"gen_ai":{"gen_ai.tool.call.id":"call_0"}}"""));
        bundle.Request("i3", Input(User("go"), Call("call_0", "a"), Result("call_0", "1"), Call("call_0", "b"), Result("call_0", "2")));

        Pairs(bundle.Reduce()).ShouldBe(["t1: a -> 1", "t2: b -> 2"]);
    }

    [Fact]
    public void A_tool_call_and_a_request_whose_ids_had_ended_are_others()
    {
        for (var i = 1; i <= 3; i++)
        {
            bundle.Request("i", Input(User($"go {i}"))).Respond("i", Output(Call($"c{i}", $"{i}")));
            bundle.Append(Tool("t", $"c{i}")).Append(Ended("t", "{}"));
        }

        var result = bundle.Reduce();

        result.Graph.InferenceCalls.Values.Select(call => $"{call.InferenceCallId} {call.Execution.Status} {string.Join(' ', call.ToolCallIdsStartedByResponse)}")
            .ShouldBe(["i Completed t", "i#2 Completed t#2", "i#3 Completed t#3"]);
        result.Graph.ToolCalls.Values.ShouldAllBe(tool => tool.Execution.Status == ExecutionStatus.Completed);
        result.Diagnostics.Count.ShouldBe(2, "one an id");
    }

    private static string Input(params string[] items) => $$"""{"input":[{{string.Join(',', items)}}]}""";

    private static string Continuing(string response, params string[] items) => $$"""{"previous_response_id":"{{response}}","input":[{{string.Join(',', items)}}]}""";

    private static string Output(params string[] items) => $$"""{"output_items":[{{string.Join(',', items)}}]}""";

    private static string User(string text) => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""";

    private static string Assistant(string text) => $$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{text}}"}]}""";

    private static string Call(string id, string what) => $$"""{"type":"function_call","call_id":"{{id}}","name":"f","arguments":"{{what}}"}""";

    private static string Result(string id, string what) => $$"""{"type":"function_call_output","call_id":"{{id}}","output":"{{what}}"}""";

    private ToolCallStartedEvent Tool(string id, string? callId, string? invocation = null) => new()
    {
        ToolCallId = id,
        ModelVisibleCallId = callId,
        Requester = new ModelRequester(),
        Kind = ToolCallKind.ForOther("f"),
        Summary = new GenericSummary { Label = "f" },
        InvocationPayload = invocation is null ? null : bundle.Payload(PayloadKind.ToolInvocation, invocation),
    };

    private ToolCallEndedEvent Ended(string id, string result) =>
        new() { ToolCallId = id, Status = ExecutionStatus.Completed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, result) };

    private static IEnumerable<string?> Shown(ReductionResult result, string call) => result.Graph.InferenceCalls[call].RequestItemIds.Select(id => Text(result, id));

    private static IEnumerable<string> Pairs(ReductionResult result) => result.Graph.ToolCalls.Values.Select(tool =>
        $"{tool.ToolCallId}: {string.Join(" ", tool.ModelVisibleCallItemIds.Select(id => Text(result, id)))} -> {string.Join(" ", tool.ModelVisibleOutputItemIds.Select(id => Text(result, id)))}");

    private static string? Text(ReductionResult result, string id) => result.Graph.ConversationItems[id].Body.Parts switch
    {
        [TextPart part] => part.Text,
        [PayloadReferencePart part] => part.Label,
        var parts => parts.Count.ToString(),
    };
}
