using RolloutTrace.Reducer.Conversation;

namespace RolloutTrace.Reducer.Tests.Conversation;

public class HistoryTests
{
    private static readonly IdList Two = IdList.From(["conversation_item:1", "conversation_item:2"]);

    [Fact]
    public void Known_IsWhatItSays()
    {
        var history = History.Known(Two);

        (history.IsKnown, history.Cause).ShouldBe((true, null));
        history.LastKnown.ShouldBe(Two);
    }

    [Fact]
    public void Lost_IsUnknownAndNotEmpty()
    {
        var history = History.Known(Two).Lost("replaced raw_payload:3");

        (history.IsKnown, history.Cause).ShouldBe((false, "replaced raw_payload:3"));
        history.LastKnown.ShouldBe(Two, "but items are looked for in what was known before");
    }

    [Fact]
    public void GrownTo_OfAnUnknownHistory_StaysUnknown()
    {
        var three = Two.Append("conversation_item:3");

        var history = History.Known(Two).Lost("c").GrownTo(three);

        history.IsKnown.ShouldBeFalse();
        history.LastKnown.ShouldBe(three);
        History.Known(Two).GrownTo(three).IsKnown.ShouldBeTrue();
    }
}
