using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class WaitBudgetTests
{
    private const long Limit = 2000;

    private readonly WaitBudget budget = new(Limit, now: 10_000);

    [Fact]
    public void Waiting_uses_it_up()
    {
        budget.Enter(10_000);
        budget.Left(10_500).ShouldBe(1500);
        budget.Leave(10_600);

        budget.Left(50_000).ShouldBe(1400);
    }

    [Fact]
    public void Who_waits_together_uses_the_same_time()
    {
        budget.Enter(10_000);
        budget.Enter(10_100);
        budget.Leave(10_200);
        budget.Left(10_300).ShouldBe(1700);
        budget.Leave(10_400);

        budget.Left(10_400).ShouldBe(1600);
    }

    [Fact]
    public void It_is_never_less_than_nothing()
    {
        budget.Enter(10_000);
        budget.Left(20_000).ShouldBe(0);
        budget.Leave(20_000);

        budget.Left(20_000).ShouldBe(0);
    }

    [Fact]
    public void Without_progress_time_gives_nothing_back()
    {
        UseUp(at: 10_000);

        budget.Left(1_000_000).ShouldBe(0);
    }

    [Fact]
    public void With_progress_a_hundredth_of_the_time_comes_back()
    {
        UseUp(at: 10_000);

        budget.Refill(22_000);

        budget.Left(22_000).ShouldBe(120);
    }

    [Fact]
    public void Progress_in_small_steps_gives_back_as_much_as_in_one()
    {
        UseUp(at: 10_000);

        for (var now = 12_000; now <= 22_000; now += 40)
        {
            budget.Refill(now);
        }

        budget.Left(22_000).ShouldBe(120);
    }

    [Fact]
    public void It_never_grows_beyond_its_limit()
    {
        budget.Refill(10_000_000);

        budget.Left(10_000_000).ShouldBe(Limit);
    }

    private void UseUp(long at)
    {
        budget.Enter(at);
        budget.Leave(at + Limit);
    }
}
