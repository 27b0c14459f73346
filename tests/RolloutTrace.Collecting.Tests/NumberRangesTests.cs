using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Collecting.Journal;

namespace RolloutTrace.Collecting.Tests;

public sealed class NumberRangesTests
{
    [Fact]
    public void It_is_a_set() => Prop.ForAll(Gen.Choose(1, 40).ListOf().ToArbitrary(), numbers =>
    {
        var (set, ranges) = (new SortedSet<long>(), new NumberRanges());
        foreach (var number in numbers)
        {
            ranges.Contains(number).ShouldBe(set.Contains(number));
            ranges.Add(number).ShouldBe(set.Add(number));
        }

        var missing = Enumerable.Range(1, (int)set.Max).Select(static number => (long)number).Where(number => !set.Contains(number));
        ranges.Highest.ShouldBe(set.Max);
        ranges.IsWithoutGaps.ShouldBe(!missing.Any());
        ranges.Gaps().SelectMany(static gap => Enumerable.Range((int)gap.First, (int)(gap.Last - gap.First + 1))).Select(static number => (long)number).ShouldBe(missing);
        ranges.Gaps().Zip(ranges.Gaps().Skip(1)).ShouldAllBe(static pair => pair.First.Last + 1 < pair.Second.First);
    }).ShouldHold(300);
}
