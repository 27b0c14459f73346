using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Graph;

public class IdListTests
{
    // Of items only the numbers are kept; what is written like no item that is made here is kept as it is.
    private static readonly string[] Ids =
        ["conversation_item:1", "conversation_item:2", "conversation_item:300000", "id", "conversation_item:01", "conversation_item:0", "conversation_item:9999999999", "conversation_item:"];

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
                var (other, otherCopy) = lists[what % lists.Count];
                var id = Ids[what % Ids.Length];
                lists.Add((what % 5) switch
                {
                    0 => (shared.Take(what % (shared.Count + 1)), copy[..(what % (shared.Count + 1))]),
                    1 when copy.Count + otherCopy.Count < 100 => (shared.Append(other), [.. copy, .. otherCopy]),
                    2 => (IdList.From([.. copy, id]), [.. copy, id]),
                    _ => (shared.Append(id), [.. copy, id]),
                });
            }

            return lists.TrueForAll(pair => pair.Shared.SequenceEqual(pair.Copy) && Enumerable.Range(0, pair.Copy.Count).All(i => pair.Shared[i] == pair.Copy[i]))
                && lists.TrueForAll(pair => Ids.All(id => pair.Shared.Contains(id) == pair.Copy.Contains(id)))
                && lists.TrueForAll(a => lists.TrueForAll(b => a.Shared.Equals(b.Shared) == a.Copy.SequenceEqual(b.Copy)))
                && lists.TrueForAll(a => lists.TrueForAll(b => !a.Shared.Equals(b.Shared) || a.Shared.GetHashCode() == b.Shared.GetHashCode()))
                && lists.TrueForAll(pair => Enumerable.Range(-1, pair.Copy.Count + 3).All(count => pair.Shared.Skip(count).SequenceEqual(pair.Copy.Skip(count))))
                && lists.TrueForAll(a => lists.TrueForAll(b => a.Shared.StartsWith(b.Shared) == StartsWith(a.Copy, b.Copy)));
        }).ShouldHold();
    }

    [Fact]
    public void Items_AreOneStringWhereverTheyStand()
    {
        var list = IdList.From(["conversation_item:7"]).Append(IdList.From(["conversation_item:8", "conversation_item:7"]));

        list[2].ShouldBeSameAs(list[0]);
    }

    private static bool StartsWith(List<string> list, List<string> beginning) =>
        beginning.Count <= list.Count && list[..beginning.Count].SequenceEqual(beginning);
}
