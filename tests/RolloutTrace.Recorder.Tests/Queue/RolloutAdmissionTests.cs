using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class RolloutAdmissionTests
{
    private const long Limit = 1000;
    private const long Quiet = Limit / 4;
    private const long Full = Limit;

    private readonly RolloutAdmission admission;
    private long drained;

    public RolloutAdmissionTests() => admission = new(Limit, _ => drained);

    [Fact]
    public void As_long_as_nothing_is_known_every_rollout_is_taken_and_favoured_however_full_the_queue_is()
    {
        for (var i = 0; i < 100; i++)
        {
            admission.TryAdmit(Full, now: 0).ShouldNotBeNull().IsFavoured.ShouldBeTrue();
        }

        admission.IsOverloaded.ShouldBeFalse();
    }

    [Fact]
    public void Room_is_kept_for_what_those_that_go_on_are_expected_to_need_and_one_that_finds_none_is_refused_before_anything_is_lost()
    {
        Learn(200);
        var places = Admit(3);
        places[0].Put(200);
        places[1].Put(100);
        places[2].Put(100);

        // 400 wait, 200 are awaited and 200 are for the new one; then 200 more are awaited.
        admission.TryAdmit(used: 400, now: 0).ShouldNotBeNull().IsFavoured.ShouldBeTrue();
        admission.IsOverloaded.ShouldBeFalse();
        admission.TryAdmit(used: 401, now: 0).ShouldBeNull();
        admission.IsOverloaded.ShouldBeTrue();
        Favoured(places).ShouldBe([true, true, true]);
    }

    [Fact]
    public void Half_of_what_the_disk_takes_while_callers_wait_is_room_too()
    {
        Learn(200);
        drained = 398;

        admission.TryAdmit(Limit, now: 0).ShouldBeNull();
    }

    [Fact]
    public void With_a_disk_that_is_fast_enough_a_full_queue_refuses_nobody()
    {
        Learn(200);
        drained = 400;

        admission.TryAdmit(Limit, now: 0).ShouldNotBeNull();
    }

    [Fact]
    public void While_the_queue_is_nearly_empty_nobody_is_refused_however_much_is_awaited()
    {
        Learn(Limit);

        Admit(100).Length.ShouldBe(100);
        admission.TryAdmit(Quiet, now: 0).ShouldNotBeNull();
    }

    [Fact]
    public void Soon_after_an_overload_room_is_kept_even_then()
    {
        Learn(400);
        admission.Lose(Admit(1)[0], now: 0);
        admission.Look(used: 0, now: 5000).ShouldBeTrue();

        Admit(2, now: 5000);
        admission.TryAdmit(used: 0, now: 5000).ShouldNotBeNull("it is the first of a window");
        admission.IsOverloaded.ShouldBeTrue();
        admission.TryAdmit(used: 0, now: 5000).ShouldBeNull();
    }

    [Fact]
    public void A_minute_after_an_overload_all_is_as_before()
    {
        Learn(400);
        admission.Lose(Admit(1)[0], now: 0);
        admission.Look(used: 0, now: 5000).ShouldBeTrue();

        Admit(100, now: 65_000);
        admission.IsOverloaded.ShouldBeFalse();
    }

    [Fact]
    public void What_lost_something_needs_no_room_any_longer()
    {
        Learn(400);
        var places = Admit(3);
        admission.Lose(places[0], now: 0);
        admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull();
        admission.Look(used: 0, now: 1000);

        admission.TryAdmit(used: 0, now: 1000).ShouldNotBeNull("those from before have recorded nothing for a second");
        admission.TryAdmit(used: 0, now: 1000).ShouldBeNull();
    }

    [Fact]
    public void A_refusal_begins_an_overload_that_a_loss_goes_on_with()
    {
        Learn(200);
        var places = Admit(4);
        admission.TryAdmit(Full, now: 0).ShouldBeNull();

        admission.Lose(places[3], now: 4000);

        Favoured(places[..3]).ShouldBe([true, true, false]);
        admission.Look(used: 0, now: 8999).ShouldBeFalse();
        admission.Look(used: 0, now: 9000).ShouldBeTrue();
    }

    [Fact]
    public void After_a_loss_the_older_half_of_those_that_go_on_is_favoured()
    {
        var places = Admit(8);

        admission.Lose(places[2], now: 0);

        Favoured([places[0], places[1], .. places[3..]]).ShouldBe([true, true, true, true, false, false, false]);
    }

    [Fact]
    public void When_a_favoured_one_loses_something_half_as_many_are_favoured_and_never_none()
    {
        var places = Admit(8);
        admission.Lose(places[7], now: 0);
        Favoured(places[..7]).ShouldBe([true, true, true, true, false, false, false]);

        admission.Lose(places[0], now: 1);
        Favoured(places[1..7]).ShouldBe([true, true, false, false, false, false]);

        admission.Lose(places[1], now: 2);
        Favoured(places[2..7]).ShouldBe([true, false, false, false, false]);

        admission.Lose(places[2], now: 3);
        Favoured(places[3..7]).ShouldBe([true, false, false, false]);
    }

    [Fact]
    public void When_one_that_is_not_favoured_loses_something_the_others_stay_so()
    {
        var places = Admit(8);
        admission.Lose(places[7], now: 0);

        admission.Lose(places[6], now: 1);

        Favoured(places[..6]).ShouldBe([true, true, true, true, false, false]);
    }

    [Fact]
    public void When_a_favoured_one_ends_the_next_oldest_is()
    {
        var places = Admit(8);
        admission.Lose(places[7], now: 0);

        admission.End(places[3], isWhole: true);
        admission.End(places[0], isWhole: true);

        Favoured([places[1], places[2], places[4], places[5], places[6]]).ShouldBe([true, true, true, true, false]);
    }

    [Fact]
    public void The_first_one_that_is_taken_when_no_other_goes_on_is_favoured()
    {
        admission.Lose(Admit(1)[0], now: 0);

        admission.TryAdmit(used: 0, now: 1).ShouldNotBeNull().IsFavoured.ShouldBeTrue();
    }

    [Fact]
    public void After_a_loss_one_new_rollout_is_taken_at_a_time_whatever_goes_on_from_before()
    {
        var places = Admit(8);
        admission.Lose(places[0], now: 0);

        var first = admission.TryAdmit(used: 0, now: 1).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 2).ShouldBeNull();
        admission.End(first, isWhole: false);
        admission.TryAdmit(used: 0, now: 3).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 4).ShouldBeNull();
    }

    [Fact]
    public void None_is_taken_while_more_than_a_quarter_of_the_queue_is_used()
    {
        admission.Lose(Admit(1)[0], now: 0);

        admission.TryAdmit(Quiet + 1, now: 1).ShouldBeNull();
        admission.TryAdmit(Quiet, now: 2).ShouldNotBeNull();
    }

    [Fact]
    public void One_more_is_taken_when_as_many_as_there_may_be_have_come_through_whole()
    {
        admission.Lose(Admit(1)[0], now: 0);

        Window(1);
        Through(1);
        Window(2);
        Through(1);
        Window(2);
        Through(1);
        Window(3);
        Through(3);
        Window(4);
    }

    [Fact]
    public void A_loss_halves_how_many_of_those_that_were_there_are_taken()
    {
        admission.Lose(Admit(1)[0], now: 0);
        Through(1 + 2 + 3);
        var places = Enumerable.Range(0, 4).Select(_ => admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull()).ToArray();

        admission.Lose(places[3], now: 0);

        admission.End(places[0], isWhole: false);
        admission.TryAdmit(used: 0, now: 0).ShouldBeNull();
        admission.End(places[1], isWhole: false);
        admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 0).ShouldBeNull();
    }

    [Fact]
    public void Each_calm_second_twice_as_many_are_taken_so_that_long_rollouts_keep_nobody_out()
    {
        admission.Lose(Admit(1)[0], now: 0);
        admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull();

        admission.TryAdmit(used: 0, now: 999).ShouldBeNull();
        admission.TryAdmit(used: 0, now: 1000).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 1999).ShouldBeNull();
        admission.TryAdmit(used: 0, now: 2000).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 2000).ShouldNotBeNull();
        admission.TryAdmit(used: 0, now: 2000).ShouldBeNull();
    }

    [Fact]
    public void It_is_over_when_it_was_calm_for_long_and_all_are_favoured_again()
    {
        var places = Admit(4);
        admission.Lose(places[0], now: 0);

        admission.Look(used: 0, now: 4999).ShouldBeFalse();
        admission.IsOverloaded.ShouldBeTrue();
        admission.Look(used: 0, now: 5000).ShouldBeTrue();
        admission.IsOverloaded.ShouldBeFalse();
        admission.Look(used: 0, now: 5001).ShouldBeFalse();
        Favoured(places[1..]).ShouldBe([true, true, true]);
    }

    [Fact]
    public void Neither_a_loss_nor_more_than_a_quarter_of_the_queue_is_calm()
    {
        var places = Admit(2);
        admission.Lose(places[0], now: 0);

        admission.Look(Quiet + 1, now: 4000).ShouldBeFalse();
        admission.Look(used: 0, now: 8000).ShouldBeFalse();
        admission.Lose(places[1], now: 8500);
        admission.Look(used: 0, now: 13_499).ShouldBeFalse();
        admission.Look(used: 0, now: 13_500).ShouldBeTrue();
    }

    [Fact]
    public void Each_time_that_it_was_over_too_early_it_takes_twice_as_long_up_to_a_minute()
    {
        long now = 0;
        long[] calms = [5000, 10_000, 20_000, 40_000, 60_000, 60_000];
        foreach (var calm in calms)
        {
            admission.Lose(admission.TryAdmit(used: 0, now).ShouldNotBeNull(), now);
            admission.Look(used: 0, now + calm - 1).ShouldBeFalse();
            admission.Look(used: 0, now + calm).ShouldBeTrue();
            now += calm + 1;
        }

        now += 60_000;
        admission.Lose(admission.TryAdmit(used: 0, now).ShouldNotBeNull(), now);
        admission.Look(used: 0, now + 5000).ShouldBeTrue();
    }

    [Fact]
    public void A_rollout_that_is_gone_may_lose_something_and_end_again()
    {
        var places = Admit(3);
        admission.End(places[0], isWhole: true);

        admission.Lose(places[0], now: 0);
        admission.End(places[0], isWhole: true);
        admission.Lose(places[0], now: 1);

        admission.IsOverloaded.ShouldBeTrue();
        Window(1);
    }

    [Fact]
    public void Of_rollouts_that_never_end_the_oldest_are_forgotten()
    {
        var places = Admit(RolloutAdmission.MostOpen + 10);

        places.Count(p => p.Node is null).ShouldBe(10);
        admission.Lose(places[0], now: 0);
        admission.Lose(places[^1], now: 1);
        places[10].IsFavoured.ShouldBeTrue();
    }

    private RolloutPlace[] Admit(int count, long now = 0) => [.. Enumerable.Range(0, count).Select(_ => admission.TryAdmit(used: 0, now).ShouldNotBeNull())];

    // One comes through that had so much of the queue at its most.
    private void Learn(long most)
    {
        var place = Admit(1)[0];
        place.Put(most);
        admission.End(place, isWhole: true);
    }

    private static bool[] Favoured(RolloutPlace[] places) => [.. places.Select(p => p.IsFavoured)];

    // So many come through whole, one after another.
    private void Through(int count)
    {
        for (var i = 0; i < count; i++)
        {
            admission.End(admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull(), isWhole: true);
        }
    }

    private void Window(int size)
    {
        var taken = Enumerable.Range(0, size).Select(_ => admission.TryAdmit(used: 0, now: 0).ShouldNotBeNull()).ToArray();
        admission.TryAdmit(used: 0, now: 0).ShouldBeNull();
        Array.ForEach(taken, p => admission.End(p, isWhole: false));
    }
}
