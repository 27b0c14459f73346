using RolloutTrace.Arguments;

namespace RolloutTrace.Tests.Arguments;

public class RolloutClockTests
{
    [Fact]
    public void A_time_before_1970_is_the_epoch_and_ids_can_be_made_of_it()
    {
        var clock = new RolloutClock(new FixedClock(() => DateTimeOffset.MinValue));

        clock.NowMs().ShouldBe(0);
        clock.NewId().ShouldStartWith("00000000-0000-7");
    }

    [Fact]
    public void The_last_time_there_is_can_be_recorded() =>
        new RolloutClock(new FixedClock(() => DateTimeOffset.MaxValue)).NewId().ShouldStartWith("e677d21f-dbff-7");

    [Fact]
    public void A_clock_that_throws_is_replaced()
    {
        var clock = new RolloutClock(new FixedClock(() => throw new InvalidOperationException()));

        clock.Now().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch.AddYears(50));
        clock.Timestamp().ShouldBeNull();
        clock.Since(clock.Timestamp()).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Time_that_went_back_has_no_length()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var clock = new RolloutClock(new FixedClock(() => now));
        var began = clock.Timestamp();

        now = now.AddHours(-1);

        clock.Since(began).ShouldBe(TimeSpan.Zero);
        clock.Since(began - TimeSpan.TicksPerHour - TimeSpan.TicksPerSecond).ShouldBe(TimeSpan.FromSeconds(1));
    }

    private sealed class FixedClock(Func<DateTimeOffset> now) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => now();

        public override long GetTimestamp() => now().Ticks;
    }
}
