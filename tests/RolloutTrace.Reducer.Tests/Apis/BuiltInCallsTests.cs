using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Apis;

public sealed class BuiltInCallsTests
{
    private const string Mcp = """{"type":"mcp_call","id":"mcp_1","server_label":"docs","name":"lookup","arguments":"{}","output":"found"}""";
    private const string Code = """{"type":"code_interpreter_call","id":"ci_1","code":"print(1)","outputs":[{"type":"logs","logs":"1"}]}""";
    private const string Click = """{"type":"computer_call","id":"cu_1","call_id":"call_1","action":{"type":"click","x":1}}""";
    private const string Screen = """{"type":"computer_call_output","call_id":"call_1","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,AQID"}}""";

    [Fact]
    public void Calls_of_the_apis_own_tools_are_calls_and_their_outputs_answer_them()
    {
        using var bundle = Conversation();

        var result = bundle.Reduce();

        result.Diagnostics.ShouldBeEmpty();
        result.Graph.InferenceCalls["i2"].RequestItemIds.Select(id => result.Graph.ConversationItems[id]).Select(item => $"{item.Role} {item.Kind} {item.CallId}").ShouldBe(
        [
            "User Message ",
            "Assistant FunctionCall ",
            "Assistant FunctionCall ",
            "Assistant FunctionCall call_1",
            "Tool FunctionCallOutput call_1",
        ]);
        result.Graph.InferenceCalls["i1"].ResponseItemIds.ShouldBe(result.Graph.InferenceCalls["i2"].RequestItemIds.Skip(1).Take(3));
        result.Graph.ConversationItems[result.Graph.InferenceCalls["i1"].ResponseItemIds[0]].Body.Parts.ShouldHaveSingleItem().ShouldBeOfType<JsonPart>().Summary.ShouldContain("found");
    }

    [Fact]
    public void Strict_reduction_knows_those_alone_that_Codex_knows()
    {
        using var bundle = Conversation();

        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Message.ShouldContain("unknown type 'mcp_call'");
    }

    private static TestBundle Conversation() => new TestBundle().WithTurn()
        .Request("i1", """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Look."}]}]}""")
        .Respond("i1", $$"""{"output_items":[{{Mcp}},{{Code}},{{Click}}]}""")
        .Request("i2", $$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Look."}]},{{Mcp}},{{Code}},{{Click}},{{Screen}}]}""");
}
