using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Recorder.Recording;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests.Recording;

public class PayloadPoolTests
{
    [Fact]
    public void An_array_is_large_enough_and_at_most_a_quarter_larger() =>
        Prop.ForAll(Gen.Choose(257, 8 << 20).ToArbitrary(), size =>
        {
            var capacity = PayloadPool.Capacity(size);
            return capacity >= size && capacity <= (size * 5L / 4) + 1 && PayloadPool.Capacity(capacity) == capacity;
        }).ShouldHold();

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 320)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1280)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData((1 << 20) + 1, 5 << 18)]
    [InlineData(4 << 20, 4 << 20)]
    [InlineData((4 << 20) + 1, (4 << 20) + 1)]
    public void Sizes_go_up_in_quarters_of_a_doubling(int size, int capacity) => PayloadPool.Capacity(size).ShouldBe(capacity);

    [Fact]
    public void A_returned_array_is_given_out_again_for_sizes_of_its_class_only()
    {
        var pool = new PayloadPool(maxIdleBytes: 1 << 20, keptBytes: 0);
        var array = pool.Rent(1000);
        array.Length.ShouldBe(1024);
        pool.Return(array);

        pool.Rent(800).ShouldNotBeSameAs(array);
        pool.Rent(1025).ShouldNotBeSameAs(array);
        pool.Rent(900).ShouldBeSameAs(array);
        pool.Rent(900).ShouldNotBeSameAs(array);
    }

    [Fact]
    public void What_would_go_beyond_the_bound_is_not_kept()
    {
        var pool = new PayloadPool(maxIdleBytes: 1500, keptBytes: 0);
        var kept = pool.Rent(1024);
        var dropped = pool.Rent(1024);
        pool.Return(kept);
        pool.Return(dropped);

        pool.Rent(1024).ShouldBeSameAs(kept);
        pool.Rent(1024).ShouldNotBeSameAs(dropped);
    }

    [Fact]
    public void What_is_asked_for_now_takes_the_place_of_what_is_not_asked_for_any_more()
    {
        var pool = new PayloadPool(maxIdleBytes: 4096, keptBytes: 0);
        byte[][] small = [pool.Rent(1024), pool.Rent(1024), pool.Rent(1024)];
        foreach (var array in small)
        {
            pool.Return(array);
        }

        var large = pool.Rent(2048);
        pool.Return(large);

        // One of the small ones has gone for it, and no more than that.
        pool.Rent(2048).ShouldBeSameAs(large);
        byte[][] again = [pool.Rent(1024), pool.Rent(1024), pool.Rent(1024)];
        again.Count(array => small.Any(known => ReferenceEquals(known, array))).ShouldBe(2);
    }

    [Fact]
    public void What_a_rush_has_left_behind_is_let_go_when_nobody_has_asked_for_a_second()
    {
        var pool = new PayloadPool(maxIdleBytes: 8192, keptBytes: 1024);
        byte[][] arrays = [.. Enumerable.Range(0, 8).Select(_ => pool.Rent(1024))];
        Array.ForEach(arrays, pool.Return);
        pool.Trim(now: 0);
        pool.Trim(now: 999);
        pool.HasSpare.ShouldBeTrue();

        pool.Return(pool.Rent(1024));
        pool.Trim(now: 1000);
        pool.Trim(now: 1999);
        pool.HasSpare.ShouldBeTrue();

        pool.Trim(now: 2000);

        pool.HasSpare.ShouldBeFalse();
        Enumerable.Range(0, 8).Count(_ => arrays.Contains(pool.Rent(1024))).ShouldBe(1);
    }
}
