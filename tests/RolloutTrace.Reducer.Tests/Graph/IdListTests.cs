using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Graph;

public class IdListTests
{
    [Fact]
    public void Append_BehindASharedBeginning_LeavesTheOtherListAlone()
    {
        var common = IdList.From(["a", "b"]);

        var left = common.Append("c");
        var right = common.Append("d");

        common.ShouldBe(["a", "b"]);
        left.ShouldBe(["a", "b", "c"]);
        right.ShouldBe(["a", "b", "d"]);
    }

    [Fact]
    public void Append_ToTheEmptyList_NeverChangesIt()
    {
        IdList.Empty.Append("a").ShouldBe(["a"]);
        IdList.Empty.ShouldBeEmpty();
    }

    [Fact]
    public void Index_BehindTheEnd_IsRefusedAlthoughTheStorageGoesOn()
    {
        var list = IdList.From(["a", "b", "c"]).Take(2);

        Should.Throw<ArgumentOutOfRangeException>(() => list[2]);
    }

    /// <summary>Whatever is appended and taken in whatever order, every list goes on saying what a plain copy would.</summary>
    [Fact]
    public void Lists_OfACommonOrigin_BehaveAsCopies()
    {
        var steps = Gen.Choose(0, 1000).Two().ListOf();
        Prop.ForAll(steps.ToArbitrary(), choices =>
        {
            var lists = new List<(IdList Shared, List<string> Copy)> { (IdList.Empty, []) };
            foreach (var (which, what) in choices)
            {
                var (shared, copy) = lists[which % lists.Count];
                lists.Add(what % 4 == 0
                    ? (shared.Take(what % (shared.Count + 1)), copy[..(what % (shared.Count + 1))])
                    : (shared.Append($"id{what % 3}"), [.. copy, $"id{what % 3}"]));
            }

            return lists.TrueForAll(pair => pair.Shared.SequenceEqual(pair.Copy))
                && lists.TrueForAll(pair => Enumerable.Range(-1, pair.Copy.Count + 3).All(count => pair.Shared.Skip(count).SequenceEqual(pair.Copy.Skip(count))))
                && lists.TrueForAll(a => lists.TrueForAll(b => a.Shared.StartsWith(b.Shared) == StartsWith(a.Copy, b.Copy)));
        }).ShouldHold();
    }

    private static bool StartsWith(List<string> list, List<string> beginning) =>
        beginning.Count <= list.Count && list[..beginning.Count].SequenceEqual(beginning);
}
