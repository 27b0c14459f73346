using RolloutTrace.Arguments;

namespace RolloutTrace.Tests.Arguments;

public class EventTextTests
{
    [Fact]
    public void What_is_missing_has_a_stand_in()
    {
        EventText.Of(null).ShouldBe("");
        EventText.Name(null).ShouldBe("unknown");
        EventText.NameOrNull(null).ShouldBeNull();
        EventText.Id("").ShouldBeNull();
        EventText.Why(null).ShouldBe("unknown");
        EventText.Why(null, "timeout").ShouldBe("timeout");
        EventText.Why("no answer", "timeout").ShouldBe("no answer");
    }

    [Fact]
    public void A_text_of_the_longest_length_is_the_same_object_and_one_more_character_is_cut()
    {
        var longest = new string('x', EventText.MaxText);

        EventText.Of(longest).ShouldBeSameAs(longest);
        EventText.Of(longest + "y").ShouldBe(longest + "...[1 more characters]");
    }

    [Fact]
    public void A_cut_does_not_part_the_halves_of_a_character()
    {
        var name = new string('x', EventText.MaxName - 1) + "🙂";

        EventText.Name(name).ShouldBe(new string('x', EventText.MaxName - 1) + "...[2 more characters]");
    }

    [Fact]
    public void A_name_is_what_readers_of_the_log_will_see()
    {
        EventText.Name("a\ud800b").ShouldBe("a\ufffdb");
        EventText.Name("\udc00").ShouldBe("\ufffd");
        EventText.Name("🙂é").ShouldBe("🙂é");
    }

    [Fact]
    public void A_long_name_with_a_lone_surrogate_still_says_how_much_was_cut()
    {
        var name = "\ud800" + new string('x', 5_000_000);

        EventText.Name(name).ShouldBe("\ufffd" + new string('x', EventText.MaxName - 1) + $"...[{5_000_001 - EventText.MaxName} more characters]");
    }
}
