using RolloutTrace.Callers;

namespace RolloutTrace.Tests.Callers;

public sealed class CallerBaggageTests
{
    [Theory]
    [InlineData("r", "t", "call_1")]
    [InlineData("r", "t", null)]
    [InlineData("a/b", "c,d;e=f", "50% of it \"quoted\"")]
    [InlineData("../../etc/passwd", "täg 🜁", "\\ x")]
    public void Ids_come_out_as_they_went_in(string rolloutId, string threadId, string? toolCallId)
    {
        var baggage = CallerBaggage.With("user=ada", CallerBaggage.Value(rolloutId, threadId, toolCallId));

        baggage.ShouldAllBe(character => character > ' ' && character < 0x7f && character != '"' && character != '\\');
        baggage.Count(character => character == ',').ShouldBe(1);
        CallerBaggage.Parse(CallerBaggage.Find(baggage)).ShouldBe((rolloutId, threadId, toolCallId));
        CallerBaggage.Without(baggage).ShouldBe("user=ada");
    }

    [Fact]
    public void Ids_that_need_no_encoding_stand_there_as_they_are() =>
        CallerBaggage.With(null, CallerBaggage.Value("019f740f-cdc6", "019f740f-cdc6", "call_1")).ShouldBe("rollout.caller=019f740f-cdc6/019f740f-cdc6/call_1");

    [Fact]
    public void A_second_entry_takes_the_place_of_the_first() =>
        CallerBaggage.With("rollout.caller=a/b/c;ttl=1 , user=ada", "d/e/f").ShouldBe(" user=ada,rollout.caller=d/e/f");

    [Fact]
    public void What_has_no_room_is_left_out_and_the_rest_stays() =>
        CallerBaggage.With("user=ada", new string('x', 9000)).ShouldBe("user=ada");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a")]
    [InlineData("a//c")]
    [InlineData("/b/c")]
    [InlineData("a/b/c/d")]
    public void Anything_else_names_nobody(string? value) => CallerBaggage.Parse(value).ShouldBeNull();
}
