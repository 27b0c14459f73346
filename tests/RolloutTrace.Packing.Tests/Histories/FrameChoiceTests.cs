namespace RolloutTrace.Packing.Tests.Histories;

public class FrameChoiceTests
{
    private const int Large = 100_000;

    [Fact]
    public void The_first_large_payload_that_repeats_says_it_and_small_ones_say_nothing()
    {
        var choice = new FrameChoice();
        choice.Next(Large, same: 0).ShouldBeFalse();
        choice.Next(2000, same: 1900).ShouldBeFalse();
        choice.Next(Large, same: Large - 10).ShouldBeTrue();
        choice.Next(2000, same: 0).ShouldBeTrue();
        choice.Next(Large, same: 0).ShouldBeTrue();
    }

    [Fact]
    public void Agents_that_begin_beside_one_with_a_long_history_change_nothing()
    {
        var choice = new FrameChoice();
        for (var n = 0; n < 500; n++)
        {
            choice.Next(10 * Large, same: (10 * Large) - 500);
            choice.Next(Large, same: n % 3 == 0 ? 0 : Large - 500);
        }

        choice.IsRepeating.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histories_that_grow_are_believed_however_much_they_grow(bool withOutputs)
    {
        var choice = new FrameChoice();
        for (var n = 1; n <= 100; n++)
        {
            // What a tool gave, and then the request that has it as well.
            if (withOutputs)
            {
                choice.Next(Large, same: 0);
            }

            choice.Next(n * Large, same: (n - 1) * Large).ShouldBe(n > 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5 * Large)]
    public void Histories_of_which_a_part_begins_anew_each_time_are_not_believed_for_long(int same)
    {
        var choice = new FrameChoice();
        choice.Next(10 * Large, 9 * Large).ShouldBeTrue();
        Enumerable.Range(0, 8).Count(_ => choice.Next(10 * Large, same)).ShouldBeLessThan(8);
    }

    [Fact]
    public void Histories_that_turn_out_to_be_new_are_looked_at_again_and_believed_later_each_time()
    {
        var choice = new FrameChoice();
        List<int> needed = [];
        for (var round = 0; round < 4; round++)
        {
            var n = 1;
            while (!choice.Next(Large, same: Large - 10))
            {
                n++;
            }

            needed.Add(n);
            for (var i = 0; i < 2000 && choice.IsRepeating; i++)
            {
                choice.Next(Large, same: 0);
            }

            choice.IsRepeating.ShouldBeFalse();
        }

        needed.ShouldBe([1, 8, 64, 512]);
    }
}
