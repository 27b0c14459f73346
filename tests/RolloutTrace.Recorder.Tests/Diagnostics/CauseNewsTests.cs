using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Tests.Diagnostics;

public class CauseNewsTests
{
    private readonly CauseNews news = new();

    [Fact]
    public void A_cause_is_news_once_each()
    {
        news.Stopped(StopCause.DiskFull, now: 0).ShouldBeTrue();
        news.Stopped(StopCause.DiskFull, now: 1).ShouldBeFalse();
        news.Stopped(StopCause.NoPermission, now: 1).ShouldBeTrue();
    }

    [Fact]
    public void The_first_time_it_is_over_with_the_next_bundle_and_is_news_afterwards()
    {
        news.Stopped(StopCause.DiskFull, now: 0);

        news.TakeOver(now: 1).ShouldBeEmpty();
        news.Works();
        news.TakeOver(now: 1).ShouldBe([StopCause.DiskFull]);
        news.TakeOver(now: 1).ShouldBeEmpty();
        news.Stopped(StopCause.DiskFull, now: 100_000).ShouldBeTrue();
    }

    [Fact]
    public void Without_trouble_a_bundle_is_no_news()
    {
        news.Works();

        news.IsWaiting.ShouldBeFalse();
        news.TakeOver(now: 0).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_comes_back_within_a_minute_must_stay_away_for_a_while_and_each_time_longer()
    {
        long now = 0;
        foreach (var calm in new long[] { 0, 5000, 10_000, 20_000, 40_000, 60_000, 60_000 })
        {
            news.Stopped(StopCause.DiskFull, now).ShouldBeTrue();
            news.Works();
            news.TakeOver(now + calm - 1).ShouldBeEmpty();
            news.TakeOver(now + calm).ShouldBe([StopCause.DiskFull]);
            now += calm + 1000;
        }

        now += CauseNews.MostCalmMilliseconds;
        news.Stopped(StopCause.DiskFull, now).ShouldBeTrue();
        news.Works();
        news.TakeOver(now).ShouldBe([StopCause.DiskFull]);
    }

    [Fact]
    public void Each_loss_in_between_begins_the_wait_anew_and_needs_another_bundle_that_works()
    {
        ComesBack();
        news.Works();
        news.IsWaiting.ShouldBeTrue();

        news.Stopped(StopCause.DiskFull, now: 4000).ShouldBeFalse();
        news.TakeOver(now: 9000).ShouldBeEmpty();
        news.IsWaiting.ShouldBeFalse();
        news.Works();
        news.TakeOver(now: 9000).ShouldBe([StopCause.DiskFull]);
    }

    [Fact]
    public void A_disk_that_takes_small_bundles_and_refuses_large_ones_is_told_of_twice_as_long_as_that_goes_on()
    {
        var told = 0;
        for (var now = 0; now < 600_000; now += 100)
        {
            told += news.Stopped(StopCause.DiskFull, now) ? 1 : 0;
            news.Works();
            told += news.TakeOver(now).Count;
        }

        told.ShouldBe(3);
    }

    [Fact]
    public void Another_cause_waits_for_itself_alone()
    {
        ComesBack();
        news.Stopped(StopCause.NoPermission, now: 100);
        news.Works();

        news.TakeOver(now: 100).ShouldBe([StopCause.NoPermission]);
        news.IsWaiting.ShouldBeTrue();
    }

    private void ComesBack()
    {
        news.Stopped(StopCause.DiskFull, now: 0);
        news.Works();
        news.TakeOver(now: 0);
        news.Stopped(StopCause.DiskFull, now: 0);
    }
}
