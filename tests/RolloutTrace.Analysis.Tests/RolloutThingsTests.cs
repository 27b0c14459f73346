using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public class RolloutThingsTests
{
    [Fact]
    public void The_way_back_over_the_causes_is_the_explanation()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", """{"input":"go"}""")
            .Respond("call-1", """{"response_id":"r","output_items":[{"type":"message","role":"assistant","content":"done"}]}""", "r");
        var rollout = OpenRollout.Open(bundle.Open());

        var things = RolloutThings.Of(rollout);

        var item = things.Single(static thing => thing.Id == "conversation_item:2");
        var steps = new List<string> { item.Text };
        for (var at = item; at.Cause is { } cause; at = things[cause.Thing.ShouldNotBeNull()])
        {
            steps.Insert(0, cause.Text.Length > 0 ? $"{things[cause.Thing!.Value].Text}: {cause.Text}" : things[cause.Thing!.Value].Text);
        }

        steps.ShouldBe(Explanation.Of(rollout, "conversation_item:2").Single().Steps.Where(static step => step.Role != ExplanationRole.Effect).Select(static step => step.Text));
        steps.Count.ShouldBe(4, "the input, the turn, the request and the item");
        things.Single(static thing => thing.Id == "call-1").Names.ShouldBe(["r"]);
    }

    [Fact]
    public void What_was_left_out_of_a_history_is_gone_and_an_image_that_is_sent_again_is_not()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", $$"""{"input":[{{Image}},{"type":"message","role":"user","content":"one"}]}""")
            .Request("call-2", $$"""{"input":[{{Image}},{"type":"message","role":"user","content":"two"}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.GoneAt(rollout, rollout.Graph.InferenceCalls["call-2"])).ShouldBe(["one"]);
        Texts(Transcript.NewAt(rollout, rollout.Graph.InferenceCalls["call-2"])).ShouldBe(["two"]);
        Texts(Transcript.GoneAt(rollout, rollout.Graph.InferenceCalls["call-1"])).ShouldBeEmpty();
    }

    [Fact]
    public void Items_say_where_they_come_from_as_the_context_does()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", """{"input":[{"type":"message","role":"user","content":"go"},{"type":"function_call","name":"grep","call_id":"c","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"found"}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        RolloutContext.OriginsOfItems(rollout, rollout.Graph.Threads[TestBundle.Root]).ShouldBe(
        [
            new ItemOrigin { ItemId = "conversation_item:1", Origin = ContextOriginKind.User, Tool = null, Name = null, Bytes = 2 },
            new ItemOrigin { ItemId = "conversation_item:2", Origin = ContextOriginKind.Assistant, Tool = null, Name = "grep", Bytes = 2 },
            new ItemOrigin { ItemId = "conversation_item:3", Origin = ContextOriginKind.ToolOutput, Tool = "grep", Name = null, Bytes = 5 },
        ]);
    }

    private static IEnumerable<string> Texts(Transcript transcript) => transcript.Entries.Select(static entry => entry.Text);
}
