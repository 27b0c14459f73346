using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Agents;

/// <summary>Which items deliver a message from an agent, and what the message then is.</summary>
public class DeliveryItemTests
{
    private const string Kid = "019d0000-0000-7000-8000-000000000002";

    [Theory]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root/kid","content":[{"type":"input_text","text":"m"}]}""")]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root/kid","content":[{"type":"encrypted_content","encrypted_content":"m"}]}""")]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root/kid","content":[{"type":"input_text","text":"head"},{"type":"encrypted_content","encrypted_content":"m"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{\"author\":\"/root\",\"recipient\":\"/root/kid\",\"content\":\"m\",\"trigger_turn\":true}"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{\"author\":\"/root\",\"recipient\":\"/root/kid\",\"other_recipients\":[],\"content\":\"\",\"encrypted_content\":\"m\",\"trigger_turn\":false}"}]}""")]
    public void An_item_in_one_of_the_forms_is_the_target_of_its_edge(string item) => EdgesWith(item).ShouldBe(["conversation_item:1"]);

    [Theory]
    [InlineData("""{"type":"agent_message","author":"/root/kid","recipient":"/root/kid","content":[{"type":"input_text","text":"m"}]}""")]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root","content":[{"type":"input_text","text":"m"}]}""")]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root/kid","content":[{"type":"input_text","text":"m"},{"type":"input_text","text":"m"}]}""")]
    [InlineData("""{"type":"agent_message","author":"/root","recipient":"/root/kid","content":[{"type":"encrypted_content","encrypted_content":"m"},{"type":"input_text","text":"m"}]}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"output_text","text":"{\"author\":\"/root\",\"recipient\":\"/root/kid\",\"content\":\"m\",\"trigger_turn\":true}"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{\"author\":\"/root\",\"recipient\":\"/root/kid\",\"content\":\"m\"}"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"m"}]}""")]
    public void Any_other_item_is_not(string item) => EdgesWith(item).ShouldBeEmpty();

    /// <summary>What the message goes to, whether the item or the message comes first.</summary>
    private static IEnumerable<string> EdgesWith(string item)
    {
        var targets = new[] { true, false }.Select(itemFirst =>
        {
            using var bundle = new TestBundle().WithTurn().WithTurn(Kid, "turn-k", "/root/kid");
            foreach (var isItem in itemFirst ? new[] { true, false } : [false, true])
            {
                if (isItem)
                {
                    bundle.Request("i1", $$"""{"input":[{{item}}]}""", Kid, "turn-k");
                }
                else
                {
                    Send(bundle);
                }
            }

            return bundle.Reduce(strict: true).Graph.InteractionEdges.Values.Select(edge => ((ConversationItemAnchor)edge.Target).ItemId).ToArray();
        }).ToArray();
        targets[1].ShouldBe(targets[0]);
        return targets[0];
    }

    private static void Send(TestBundle bundle)
    {
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.SendMessage),
            Summary = new GenericSummary { Label = "send_message" },
        });
        bundle.Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = "t1",
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, $$"""{"receiver_thread_id":"{{Kid}}","prompt":"m"}"""),
        });
    }
}
