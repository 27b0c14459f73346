using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Tests.Housekeeping;

public class EndedBundlesTests
{
    private readonly EndedBundles<string> ended = new();

    [Fact]
    public void A_bundle_is_due_when_nothing_came_of_it_for_five_seconds()
    {
        ended.TryPut("a", hasAgents: false, now: 1000).ShouldBeTrue();

        ended.NextDue.ShouldBe(6000);
        ended.TryTake(5999, out _).ShouldBeFalse();
        ended.TryTake(6000, out var bundle).ShouldBeTrue();
        bundle.ShouldBe("a");
        ended.TryTake(long.MaxValue, out _).ShouldBeFalse();
        ended.NextDue.ShouldBeNull();
    }

    [Fact]
    public void What_comes_of_it_puts_that_off()
    {
        ended.TryPut("a", hasAgents: false, now: 1000);
        ended.TryPut("b", hasAgents: false, now: 2000);
        ended.TryPut("a", hasAgents: false, now: 4000);

        ended.NextDue.ShouldBe(7000);
        ended.TryTake(8999, out var first).ShouldBeTrue();
        first.ShouldBe("b");
        ended.TryTake(8999, out _).ShouldBeFalse();
        ended.TryTake(9000, out var second).ShouldBeTrue();
        second.ShouldBe("a");
    }

    [Fact]
    public void What_could_not_be_worked_on_is_tried_again_after_ten_minutes()
    {
        ended.TryPut("a", hasAgents: false, now: 0);
        ended.TryTake(5_000, out _).ShouldBeTrue();

        ended.TryPutAgain("a", now: 5_000).ShouldBeTrue();

        ended.NextDue.ShouldBe(605_000);
        ended.TryTake(604_999, out _).ShouldBeFalse();
        ended.TryTake(605_000, out _).ShouldBeTrue();
    }

    [Fact]
    public void Agents_that_have_not_ended_are_waited_for_ten_minutes()
    {
        ended.TryPut("a", hasAgents: true, now: 0);
        ended.NextDue.ShouldBe(600_000);

        ended.TryPut("a", hasAgents: false, now: 1000);
        ended.NextDue.ShouldBe(6000);
    }

    [Fact]
    public void At_the_end_everything_is_due()
    {
        ended.TryPut("a", hasAgents: true, now: 0);

        ended.TryTake(long.MaxValue, out var bundle).ShouldBeTrue();
        bundle.ShouldBe("a");
    }

    [Fact]
    public void No_more_than_ten_thousand_wait()
    {
        var many = new EndedBundles<int>();
        for (var i = 0; i < 10_000; i++)
        {
            many.TryPut(i, hasAgents: false, now: i).ShouldBeTrue();
        }

        many.TryPut(10_000, hasAgents: false, now: 0).ShouldBeFalse();
        many.TryPut(5, hasAgents: false, now: 20_000).ShouldBeTrue();
        many.Count.ShouldBe(10_000);
    }
}
