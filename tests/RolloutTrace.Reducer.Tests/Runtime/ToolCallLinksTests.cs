using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Runtime;

/// <summary>Tool calls are linked with the items that carry their call id, whichever comes first.</summary>
public class ToolCallLinksTests
{
    private const string Kid = "019d0000-0000-7000-8000-000000000002";
    private const string Conversation =
        """{"input":[{"type":"function_call","name":"f","arguments":"{}","call_id":"c1"},{"type":"function_call_output","output":"o","call_id":"c1"}]}""";

    [Fact]
    public void Start_ItemsOfAnotherThread_AreNotLinkedYet()
    {
        using var bundle = TwoThreads().Request("i1", Conversation, Kid, "turn-k").Append(Start("t1"));

        var graph = bundle.Reduce(strict: true).Graph;

        graph.ToolCalls["t1"].ModelVisibleCallItemIds.ShouldBeEmpty();
        graph.ToolCalls["t1"].ModelVisibleOutputItemIds.ShouldBeEmpty();
    }

    [Fact]
    public void Request_ThatRepeatsItemsOfAnotherThread_LinksThemByTheirCallIdAlone()
    {
        using var bundle = TwoThreads()
            .Request("i1", Conversation, Kid, "turn-k")
            .Append(Start("t1"))
            .Request("i2", Conversation, Kid, "turn-k");

        var graph = bundle.Reduce(strict: true).Graph;

        graph.InferenceCalls["i2"].RequestItemIds.ShouldBe(graph.InferenceCalls["i1"].RequestItemIds);
        graph.ToolCalls["t1"].ModelVisibleCallItemIds.ShouldBe(["conversation_item:1"]);
        graph.ToolCalls["t1"].ModelVisibleOutputItemIds.ShouldBe(["conversation_item:2"]);
        graph.ConversationItems["conversation_item:2"].ProducedBy.ShouldBe([new ToolProducer { ToolCallId = "t1" }]);
    }

    [Fact]
    public void Start_BeforeItsResponseCompletes_IsTheResponsesWhenTheCallIsNextSeen()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""").Append(Start("t1"));
        bundle.Append(new InferenceCompletedEvent
        {
            InferenceCallId = "i1",
            ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, """{"output_items":[{"type":"function_call","name":"f","arguments":"{}","call_id":"c1"}]}"""),
        });

        var before = bundle.Reduce(strict: true).Graph;
        var after = bundle.Request("i2", Conversation).Reduce(strict: true).Graph;

        before.ToolCalls["t1"].ModelVisibleCallItemIds.ShouldBe(["conversation_item:1"]);
        before.InferenceCalls["i1"].ToolCallIdsStartedByResponse.ShouldBeEmpty();
        after.InferenceCalls["i1"].ToolCallIdsStartedByResponse.ShouldBe(["t1"]);
    }

    private static TestBundle TwoThreads() => new TestBundle().WithTurn().WithTurn(Kid, "turn-k", "/root/kid");

    private static ToolCallStartedEvent Start(string toolId) => new()
    {
        ToolCallId = toolId,
        ModelVisibleCallId = "c1",
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.ForOther("f"),
        Summary = new GenericSummary { Label = "f" },
    };
}
