namespace RolloutTrace.Cli.Tests.Exporting;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 4)]
    [InlineData(6, 15, 30)]
    [InlineData(1_000_000, 15, 30)]
    public void Waits_double_up_to_the_longest_and_are_spread_over_their_second_half(int attempts, double shortest, double longest)
    {
        var backoff = new Backoff(new Random(1));

        var waits = Enumerable.Range(0, 200).Select(_ => backoff.After(attempts).TotalSeconds).ToList();

        waits.ShouldAllBe(wait => wait >= shortest && wait <= longest);
        (waits.Max() - waits.Min()).ShouldBeGreaterThan((longest - shortest) * 0.9);
    }
}
