namespace RolloutTrace.Lake.Tests;

public sealed class RolloutLakeTests : IDisposable
{
    private readonly LakeFixture lake = new();

    public void Dispose() => lake.Dispose();

    [Fact]
    public async Task A_rollout_has_a_file_in_each_table_where_it_has_rows_and_none_elsewhere()
    {
        await lake.PutAsync("b", turns: 1);

        lake.Files().ShouldBe(["findings/day=2026-02-02/b", "rollouts/day=2026-02-02/b", "threads/day=2026-02-02/b", "turns/day=2026-02-02/b"]);
        lake.Paths().ShouldAllBe(path => Path.GetFileName(path).StartsWith("b.", StringComparison.Ordinal) && Path.GetFileName(path).Length == "b.0123456789abcdef.parquet".Length);
    }

    [Fact]
    public async Task What_is_put_twice_is_there_once_and_not_written_again()
    {
        await lake.PutAsync("b", turns: 2);
        var before = lake.Paths().ToDictionary(path => path, File.GetLastWriteTimeUtc);

        await lake.PutAsync("b", turns: 2);

        lake.Paths().ToDictionary(path => path, File.GetLastWriteTimeUtc).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_put_again_replaces_what_was_there_also_on_another_day_and_leaves_the_others()
    {
        await lake.PutAsync("b", turns: 2);
        await lake.PutAsync("other", turns: 1);

        await lake.PutAsync("b", turns: 3, day: "2026-02-03");

        (await lake.BundlesInAsync("turns")).ShouldBe(["b", "b", "b", "other"]);
        lake.Files().Where(static file => file.EndsWith("/b", StringComparison.Ordinal)).ShouldAllBe(file => file.Contains("day=2026-02-03", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_may_put_at_once()
    {
        var shared = lake.Lake;
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (i, _) => await shared.PutAsync($"b{i % 20}", LakeFixture.Day, await LakeFixture.RowsAsync($"b{i % 20}", turns: 1 + (i % 20))));

        (await lake.BundlesInAsync("rollouts")).ShouldBe(Enumerable.Range(0, 20).Select(static i => $"b{i}").Order(StringComparer.Ordinal));
        (await lake.BundlesInAsync("turns")).Count.ShouldBe(Enumerable.Range(1, 20).Sum());
    }

    [Theory]
    [InlineData("../b", "2026-02-02")]
    [InlineData(".b", "2026-02-02")]
    [InlineData("b", "2026-02-31")]
    [InlineData("b", "../x")]
    public async Task What_could_lead_elsewhere_is_no_name_and_no_day(string bundle, string day)
    {
        var rows = await LakeFixture.RowsAsync("b", turns: 1);

        await Should.ThrowAsync<ArgumentException>(() => lake.Lake.PutAsync(bundle, day, rows));
        lake.Paths().ShouldBeEmpty();
    }
}
