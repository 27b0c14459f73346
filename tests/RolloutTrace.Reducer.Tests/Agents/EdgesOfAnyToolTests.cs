using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Agents;

/// <summary>A thread that a tool call of any kind brought about, and a result that went back as that call's output: members of our own, in both modes.</summary>
public sealed class EdgesOfAnyToolTests : IDisposable
{
    private readonly TestBundle bundle = new TestBundle().WithTurn();

    public EdgesOfAnyToolTests()
    {
        bundle.Request("i1", """{"input":[]}""");
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1", ModelVisibleCallId = "c1", Requester = new ModelRequester(), Kind = ToolCallKind.ForOther("ask"), Summary = new GenericSummary { Label = "ask" },
        });
        bundle.Append(new ThreadStartedEvent
        {
            ThreadId = "child",
            AgentPath = "/root/child",
            MetadataPayload = bundle.Payload(
                PayloadKind.SessionMetadata,
                """{"session_source":{"subagent":{"thread_spawn":{"parent_thread_id":"ROOT","tool_call_id":"t1"}}}}""".Replace("ROOT", TestBundle.Root, StringComparison.Ordinal)),
        });
        bundle.Append(new CodexTurnStartedEvent { CodexTurnId = "child-turn", ThreadId = "child" }, "child", "child-turn");
    }

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_spawn_goes_from_the_call_to_the_thread_at_once(bool strict)
    {
        var edge = bundle.Reduce(strict).Graph.InteractionEdges.Values.ShouldHaveSingleItem();

        edge.ShouldBe(new InteractionEdge
        {
            EdgeId = $"edge:spawn:{TestBundle.Root}:child",
            Kind = InteractionEdgeKind.SpawnAgent,
            Source = new ToolCallAnchor { ToolCallId = "t1" },
            Target = new ThreadAnchor { ThreadId = "child" },
            StartedAtUnixMs = 1770000000004,
            EndedAtUnixMs = 1770000000004,
        });
    }

    [Fact]
    public void A_result_targets_the_output_of_the_call_once_it_is_there()
    {
        bundle.Append(Result());
        bundle.Request("i2", """{"input":[{"type":"function_call_output","call_id":"c1","output":"42"}]}""");

        var graph = bundle.Reduce(strict: true).Graph;

        var item = graph.ConversationItems.Values.ShouldHaveSingleItem().ItemId;
        graph.InteractionEdges["edge:result"].ShouldSatisfyAllConditions(
            edge => edge.Target.ShouldBe(new ConversationItemAnchor { ItemId = item }),
            edge => edge.CarriedItemIds.ShouldBe([item]));
    }

    [Fact]
    public void A_result_whose_output_is_never_seen_targets_the_parent()
    {
        bundle.Append(Result());

        bundle.Reduce(strict: true).Graph.InteractionEdges["edge:result"].Target.ShouldBe(new ThreadAnchor { ThreadId = TestBundle.Root });
    }

    [Fact]
    public void What_the_tools_own_payloads_say_of_the_spawn_wins()
    {
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t2", Requester = new ModelRequester(), Kind = ToolCallKind.Of(ToolCallKindType.SpawnAgent), Summary = new GenericSummary { Label = "spawn" },
        });
        bundle.Append(new ToolCallRuntimeEndedEvent
        {
            ToolCallId = "t2",
            Status = ExecutionStatus.Completed,
            RuntimePayload = bundle.Payload(
                PayloadKind.ToolRuntimeEvent,
                $$"""{"call_id":"t2","sender_thread_id":"{{TestBundle.Root}}","new_thread_id":"child","prompt":"go","model":"","reasoning_effort":"","status":"running"}"""),
        });

        bundle.Reduce().Graph.InteractionEdges.Values.ShouldHaveSingleItem().Source.ShouldBe(new ToolCallAnchor { ToolCallId = "t2" });
    }

    private static AgentResultObservedEvent Result() => new()
    {
        EdgeId = "edge:result", ChildThreadId = "child", ChildCodexTurnId = "child-turn", ParentThreadId = TestBundle.Root, Message = "42", ToolCallId = "t1",
    };
}
