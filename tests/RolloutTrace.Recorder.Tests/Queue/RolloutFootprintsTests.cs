using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class RolloutFootprintsTests
{
    private readonly RolloutFootprints footprints = new();

    [Fact]
    public void A_rollout_whose_bytes_are_written_as_they_come_holds_little_however_much_it_records()
    {
        var place = new RolloutPlace();
        for (var i = 0; i < 1000; i++)
        {
            place.Put(100);
            place.Release(100);
        }

        footprints.Learn(place, isWhole: true);

        place.Recorded.ShouldBe(100_000);
        footprints.Expected.ShouldBe(100);
    }

    [Fact]
    public void Expected_is_the_mean_of_the_first_ones_and_later_ones_move_it_by_an_eighth()
    {
        Learn(100, 300);
        footprints.Expected.ShouldBe(200);

        Learn(200, 200, 200, 200, 200, 200);
        footprints.Expected.ShouldBe(200);

        Learn(1000);
        footprints.Expected.ShouldBe(300);
    }

    [Fact]
    public void One_that_lost_something_needs_at_least_what_it_had()
    {
        Learn(100);

        footprints.Learn(Holding(50), isWhole: false);
        footprints.Expected.ShouldBe(100);

        footprints.Learn(Holding(300), isWhole: false);
        footprints.Expected.ShouldBe(200);
    }

    [Fact]
    public void Of_those_that_go_on_the_rest_is_awaited_and_of_none_less_than_nothing()
    {
        Learn(100);

        footprints.Awaited([Holding(0), Holding(40), Holding(100), Holding(170)], now: 0).ShouldBe(100 + 60);
    }

    [Fact]
    public void As_long_as_nothing_is_known_nothing_is_awaited() => footprints.Awaited([Holding(10)], now: 0).ShouldBe(0);

    [Fact]
    public void Of_one_that_records_nothing_for_a_second_nothing_is_awaited_until_it_does_again()
    {
        Learn(100);
        var place = Holding(40);

        footprints.Awaited([place], now: 0).ShouldBe(60);
        footprints.Awaited([place], now: 999).ShouldBe(60);
        footprints.Awaited([place], now: 1000).ShouldBe(0);
        place.Put(10);
        footprints.Awaited([place], now: 5000).ShouldBe(50);
    }

    private static RolloutPlace Holding(long bytes)
    {
        var place = new RolloutPlace();
        place.Put(bytes);
        return place;
    }

    private void Learn(params long[] most) => Array.ForEach(most, m => footprints.Learn(Holding(m), isWhole: true));
}
