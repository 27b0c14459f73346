using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class DrainRateTests
{
    private readonly DrainRate rate = new();

    [Fact]
    public void Nothing_is_known_before_the_first_batch_is_done()
    {
        rate.BytesIn(1000, now: 0).ShouldBe(0);
        rate.Begin(now: 0);
        rate.BytesIn(1000, now: 100).ShouldBe(0);
    }

    [Fact]
    public void It_is_what_was_written_while_there_was_something_to_write()
    {
        rate.Begin(now: 0);
        rate.End(5000, now: 100);

        // A long time without work says nothing about the disk.
        rate.BytesIn(1000, now: 1_000_000).ShouldBe(50_000);
        rate.BytesIn(0, now: 1_000_000).ShouldBe(0);
    }

    [Fact]
    public void A_batch_that_takes_no_time_to_speak_of_counts_as_a_millisecond()
    {
        rate.Begin(now: 7);
        rate.End(5000, now: 7);

        rate.BytesIn(10, now: 7).ShouldBe(50_000);
    }

    [Fact]
    public void While_a_batch_stands_still_it_falls_to_next_to_nothing()
    {
        rate.Begin(now: 0);
        rate.End(100_000, now: 100);
        rate.Begin(now: 100);

        var before = rate.BytesIn(1000, now: 100);
        rate.BytesIn(1000, now: 1100).ShouldBeLessThan(before / 20);
        rate.BytesIn(1000, now: 30_100).ShouldBe(0);
    }

    [Fact]
    public void A_disk_that_becomes_slow_has_its_new_pace_soon()
    {
        for (var now = 0; now < 1000; now += 10)
        {
            Batch(10_000, now, milliseconds: 10);
        }

        for (var now = 1000; now < 11_000; now += 1000)
        {
            Batch(10_000, now, milliseconds: 1000);
        }

        rate.BytesIn(1000, now: 11_000).ShouldBeInRange(10_000, 11_000);
    }

    [Fact]
    public void An_end_without_a_beginning_counts_for_nothing()
    {
        rate.End(5000, now: 100);

        rate.BytesIn(1000, now: 100).ShouldBe(0);
    }

    [Fact]
    public void Time_without_end_is_no_trouble()
    {
        Batch(long.MaxValue / 2, now: 0, milliseconds: 1);

        rate.BytesIn(long.MaxValue, now: 1).ShouldBePositive();
    }

    private void Batch(long bytes, long now, long milliseconds)
    {
        rate.Begin(now);
        rate.End(bytes, now + milliseconds);
    }
}
