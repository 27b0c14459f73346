using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Comparing;

/// <summary>What is aligned is equal, in order, and as much as can be.</summary>
public sealed class AlignmentTests
{
    [Fact]
    public void As_much_as_can_be_is_aligned()
    {
        var lists = Gen.Choose(0, 4).ListOf().Two().Resize(60);
        Prop.ForAll(lists.ToArbitrary(), both =>
        {
            var (a, b) = (both.Item1.ToArray(), both.Item2.ToArray());
            var places = Alignment.Of(a, b, out var gaveUp);

            gaveUp.ShouldBeFalse();
            var aligned = places.Index().Where(static place => place.Item >= 0).ToList();
            aligned.ShouldAllBe(place => a[place.Index] == b[place.Item]);
            aligned.Zip(aligned.Skip(1)).ShouldAllBe(static pair => pair.First.Item < pair.Second.Item);
            aligned.Count.ShouldBe(Longest(a, b));
        }).ShouldHold();
    }

    [Fact]
    public void What_differs_in_too_many_places_is_aligned_at_its_ends_alone()
    {
        int[] a = [1, .. Enumerable.Range(10, 3000), 2];
        int[] b = [1, .. Enumerable.Range(10_000, 3000), 2];

        var places = Alignment.Of(a, b, out var gaveUp);

        gaveUp.ShouldBeTrue();
        (places[0], places[^1]).ShouldBe((0, 3001));
        places[1..^1].ShouldAllBe(static place => place == -1);
    }

    private static int Longest(int[] a, int[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                lengths[i, j] = a[i - 1] == b[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return lengths[a.Length, b.Length];
    }
}
