using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class FlushPatienceTests
{
    private const long Stall = 5000;

    [Fact]
    public void Without_a_limit_a_disk_that_stands_still_is_given_up()
    {
        var patience = new FlushPatience(-1, Stall, progress: 7, now: 10_000);

        patience.Left(7, 12_000).ShouldBe(3000);
        patience.Left(7, 15_000).ShouldBe(0);
    }

    [Fact]
    public void Without_a_limit_a_disk_that_moves_is_waited_for_however_slow_it_is()
    {
        var patience = new FlushPatience(-1, Stall, progress: 7, now: 0);

        for (var step = 1; step <= 100; step++)
        {
            patience.Left(7 + step, step * (Stall - 1)).ShouldBe(Stall);
        }

        patience.Left(107, (100 * (Stall - 1)) + Stall).ShouldBe(0);
    }

    [Fact]
    public void With_a_limit_alone_nothing_else_counts()
    {
        var patience = new FlushPatience(60_000, -1, progress: 7, now: 1000);

        patience.Left(7, 31_000).ShouldBe(30_000);
        patience.Left(8, 61_000).ShouldBe(0);
        new FlushPatience(0, -1, progress: 7, now: 1000).Left(7, 1000).ShouldBe(0);
    }

    [Fact]
    public void With_both_a_disk_that_moves_is_waited_for_up_to_the_limit_and_one_that_stands_still_is_given_up_before()
    {
        var patience = new FlushPatience(8000, Stall, progress: 7, now: 0);

        patience.Left(7, 4000).ShouldBe(1000);
        patience.Left(8, 4500).ShouldBe(3500);
        patience.Left(9, 8000).ShouldBe(0);
        new FlushPatience(8000, Stall, progress: 7, now: 0).Left(7, 5000).ShouldBe(0);
    }
}
