using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.Recording;

public class ExitBudgetTests
{
    [Fact]
    public void Only_the_time_counts_during_which_the_program_is_kept()
    {
        var budget = new ExitBudget(TimeSpan.FromDays(1));
        var all = (int)TimeSpan.FromDays(1).TotalMilliseconds;
        budget.Left.ShouldBe(all);

        using (budget.Keep())
        {
            SpinWait.SpinUntil(() => budget.Left < all);
        }

        var left = budget.Left;
        var now = Environment.TickCount64;
        SpinWait.SpinUntil(() => Environment.TickCount64 > now + 20);
        budget.Left.ShouldBe(left);
    }

    [Fact]
    public void Without_a_bound_there_is_always_time_and_without_time_there_is_none()
    {
        var endless = new ExitBudget(Timeout.InfiniteTimeSpan);
        using (endless.Keep())
        {
            endless.Left.ShouldBe(Timeout.Infinite);
        }

        new ExitBudget(TimeSpan.Zero).Left.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1, -1, -1)]
    [InlineData(-1, 5, 5)]
    [InlineData(5, -1, 5)]
    [InlineData(0, 5, 0)]
    public void Of_two_limits_the_smaller_counts_and_a_negative_one_is_none(int one, int other, int least) =>
        ExitBudget.Least(one, other).ShouldBe(least);
}
