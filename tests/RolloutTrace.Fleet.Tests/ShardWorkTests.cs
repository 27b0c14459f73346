using RolloutTrace.Bundle;
using RolloutTrace.Lake;

namespace RolloutTrace.Fleet.Tests;

public class ShardWorkTests
{
    [Fact]
    public async Task All_shards_together_are_the_whole_and_none_has_what_another_has()
    {
        using var fleet = new FleetFixture();
        var messages = await fleet.PutAsync(20);
        var done = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            done.AddRange((await ShardWork.RunAsync(fleet.Store, new Shard(i, 3), fleet.Worker(), jobs: 2)).Select(static outcome => outcome.Key));
        }

        done.Order(StringComparer.Ordinal).ShouldBe(messages.Select(static message => message.Key).Order(StringComparer.Ordinal));
        fleet.LakeShouldBeWhole();
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_the_others_are_there()
    {
        using var fleet = new FleetFixture();
        await fleet.PutAsync(3);
        await File.WriteAllTextAsync(Path.Join(fleet.StorePath, "2026-02-02", "x.rollout.tar.zst"), "x");
        await File.WriteAllTextAsync(Path.Join(fleet.StorePath, "2026-02-02", "compacted.rollout.tar.zst"), "x");

        var outcomes = await ShardWork.RunAsync(fleet.Store, Shard.All, fleet.Worker(), jobs: 2);

        outcomes.Where(static outcome => outcome.Kind != WorkOutcomeKind.Done).Select(static outcome => (outcome.Key, outcome.Kind))
            .ShouldBe([("2026-02-02/compacted.rollout.tar.zst", WorkOutcomeKind.Unreadable), ("2026-02-02/x.rollout.tar.zst", WorkOutcomeKind.Unreadable)]);
        outcomes.Single(static outcome => outcome.Key == "2026-02-02/x.rollout.tar.zst").Detail.ShouldNotBeNull().ShouldStartWith("2026-02-02/x.rollout.tar.zst: ");
        fleet.LakeShouldBeWhole();
    }

    [Fact]
    public async Task Bundles_as_recorders_leave_them_are_reduced_where_they_are()
    {
        using var fleet = new FleetFixture();
        using var bundle = new TestBundle().WithTurn();
        var name = BundleName.Of(bundle.Open().Manifest);
        Directory.CreateDirectory(fleet.StorePath);
        Directory.Move(bundle.Directory, Path.Join(fleet.StorePath, "bundle"));

        var outcome = (await ShardWork.RunAsync(fleet.Store, Shard.All, fleet.Worker(), jobs: 1)).ShouldHaveSingleItem();

        outcome.Kind.ShouldBe(WorkOutcomeKind.Done, outcome.Detail);
        fleet.Files().ShouldContain(file => file.StartsWith($"rollouts/day=2026-02-02/{name}.", StringComparison.Ordinal));
        Directory.CreateDirectory(bundle.Directory);
    }

    [Fact]
    public async Task A_bundle_that_another_put_meanwhile_has_its_rows_once()
    {
        using var fleet = new FleetFixture();
        await fleet.PutAsync(1);
        var worker = fleet.Worker();
        await worker.ReduceAsync((await fleet.MakeAsync(1)).Key);
        await fleet.PutAsync(1, turns: 3);
        await fleet.Worker().ReduceAsync((await fleet.MakeAsync(1, turns: 3)).Key);
        await fleet.PutAsync(1, turns: 2);

        await worker.ReduceAsync((await fleet.MakeAsync(1, turns: 2)).Key);

        fleet.LakeShouldBeWhole();
    }

    [Theory]
    [InlineData("trace-1", 8, 1)]
    [InlineData("x", 3, 0)]
    public void A_shard_goes_by_the_hash_of_the_name(string bundle, int count, int index) =>
        Enumerable.Range(0, count).Where(i => new Shard(i, count).Has(bundle)).ShouldBe([index]);

    [Theory]
    [InlineData("0/1", null, 0, 1)]
    [InlineData("2/3", "7", 2, 3)]
    [InlineData("3", "2", 2, 3)]
    public void A_shard_is_read_as_it_is_written(string text, string? variable, int index, int count) => Shard.Parse(text, variable).ShouldBe(new Shard(index, count));

    [Theory]
    [InlineData("3/3", null)]
    [InlineData("3", null)]
    [InlineData("3", "3")]
    [InlineData("-1/3", null)]
    [InlineData("0/0", null)]
    [InlineData("a/b", null)]
    [InlineData("/", null)]
    [InlineData("", "0")]
    [InlineData("1/2/3", null)]
    public void What_is_no_shard_is_refused(string text, string? variable) => Shard.Parse(text, variable).ShouldBeNull();

    [Fact]
    public void Names_of_the_lake_s_own_are_no_bundle_s() => RolloutLake.IsReserved("compacted").ShouldBeTrue();
}
