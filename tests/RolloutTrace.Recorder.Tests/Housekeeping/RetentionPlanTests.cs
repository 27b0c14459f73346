using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Tests.Housekeeping;

public class RetentionPlanTests
{
    private static readonly DateTime Day = new(2026, 2, 2, 0, 0, 0, DateTimeKind.Utc);

    // Not in the order of their age.
    private static readonly KeptBundle[] Bundles = [Of("new", 3, 100), Of("old", 1, 40), Of("middle", 2, 70)];

    [Theory]
    [InlineData(210, "")]
    [InlineData(209, "old")]
    [InlineData(170, "old")]
    [InlineData(169, "old middle")]
    [InlineData(99, "old middle new")]
    public void Bytes_oldest_first_and_no_more_than_needed(long bytes, string gone) => Gone(bytes, oldest: null).ShouldBe(gone);

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "old")]
    [InlineData(4, "old middle new")]
    public void Age_what_was_written_to_before(int day, string gone) => Gone(null, Day.AddDays(day)).ShouldBe(gone);

    [Fact]
    public void Either_is_enough() => Gone(100, Day.AddDays(2)).ShouldBe("old middle");

    [Fact]
    public void What_may_not_go_stays_and_the_next_goes_in_its_place() => Gone(150, oldest: null, stays: "old").ShouldBe("middle");

    [Fact]
    public void Nothing_goes_without_limits() => Gone(null, oldest: null).ShouldBe("");

    private static string Gone(long? bytes, DateTime? oldest, string stays = "")
    {
        var gone = new List<KeptBundle>();
        var counted = RetentionPlan.Run(Bundles, bytes, oldest, bundle =>
        {
            if (bundle.Path != stays)
            {
                gone.Add(bundle);
            }

            return bundle.Path != stays;
        });
        counted.ShouldBe((gone.Count, gone.Sum(bundle => bundle.Bytes)));
        return string.Join(' ', gone.Select(bundle => bundle.Path));
    }

    private static KeptBundle Of(string path, int day, long bytes) => new(path, IsPacked: false, Day.AddDays(day), bytes);
}
