namespace RolloutTrace.Lake.Tests.Files;

public sealed class LakeCompactionTests : IDisposable
{
    private readonly LakeFixture lake = new();

    public void Dispose() => lake.Dispose();

    [Fact]
    public async Task A_day_becomes_one_file_a_table_with_the_same_rows()
    {
        await lake.PutAsync("a", turns: 1);
        await lake.PutAsync("b", turns: 3);
        await lake.PutAsync("c", turns: 2, day: "2026-02-03");

        var days = await lake.Lake.CompactAsync();

        days.ShouldBe([new CompactedDay { Day = LakeFixture.Day, FilesBefore = 8, Files = 4, Rows = 2 + 2 + 4 + 8 }], Describe(days));
        lake.Files().Where(static file => file.Contains(LakeFixture.Day, StringComparison.Ordinal)).ShouldAllBe(file => file.EndsWith("/compacted", StringComparison.Ordinal));
        (await lake.BundlesInAsync("turns")).ShouldBe(["a", "b", "b", "b", "c", "c"]);
        (await lake.BundlesInAsync("rollouts")).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task What_is_compacted_already_stays()
    {
        await lake.PutAsync("a", turns: 1);
        await lake.PutAsync("b", turns: 3);
        await lake.Lake.CompactAsync();
        var before = lake.Paths().Order(StringComparer.Ordinal).ToList();

        (await lake.Lake.CompactAsync()).ShouldBeEmpty();

        lake.Paths().Order(StringComparer.Ordinal).ShouldBe(before);
    }

    [Theory]
    [InlineData(LakeFixture.Day)]
    [InlineData("2026-02-03")]
    public async Task Of_a_rollout_that_was_put_again_only_the_new_rows_stay_whatever_their_day(string day)
    {
        await lake.PutAsync("a", turns: 5);
        await lake.PutAsync("b", turns: 3);
        await lake.Lake.CompactAsync();

        await lake.PutAsync("a", turns: 2, day);
        await lake.Lake.CompactAsync();
        await lake.Lake.CompactAsync();

        (await lake.BundlesInAsync("turns")).ShouldBe(["a", "a", "b", "b", "b"]);
        (await lake.BundlesInAsync("rollouts")).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Rows_that_stand_in_two_compacted_files_since_a_compaction_was_killed_are_once_again()
    {
        await lake.PutAsync("a", turns: 2);
        await lake.PutAsync("b", turns: 1);
        await lake.Lake.CompactAsync();
        var left = lake.Paths().ToDictionary(path => path, File.ReadAllBytes);
        await lake.PutAsync("c", turns: 1);
        await lake.Lake.CompactAsync();
        foreach (var (path, content) in left)
        {
            File.WriteAllBytes(path, content);
        }

        await lake.Lake.CompactAsync();

        (await lake.BundlesInAsync("turns")).ShouldBe(["a", "a", "b", "c"]);
    }

    [Fact]
    public async Task A_rollout_that_is_just_being_put_is_left_alone()
    {
        await lake.PutAsync("a", turns: 1);
        await lake.PutAsync("b", turns: 1);
        var rows = await LakeFixture.RowsAsync("c", turns: 2);
        await lake.Lake.PutAsync("c", LakeFixture.Day, [.. rows.Where(static table => table.Table == "turns")]);

        await lake.Lake.CompactAsync();
        await lake.Lake.PutAsync("c", LakeFixture.Day, rows);
        await lake.Lake.CompactAsync();

        (await lake.BundlesInAsync("turns")).ShouldBe(["a", "b", "c", "c"]);
    }

    [Fact]
    public async Task A_file_that_is_no_table_is_named_and_nothing_is_lost()
    {
        await lake.PutAsync("a", turns: 1);
        var place = Path.Join(lake.Lake.Place, "turns", $"day={LakeFixture.Day}", "b.0123456789abcdef.parquet");
        File.WriteAllText(place, "no parquet");
        File.WriteAllText(Path.Join(lake.Lake.Place, "rollouts", $"day={LakeFixture.Day}", "b.0123456789abcdef.parquet"), "no parquet");

        var e = await Should.ThrowAsync<InvalidDataException>(lake.Lake.CompactAsync);

        e.Message.ShouldContain("b.0123456789abcdef.parquet: ");
        lake.Paths().Count(static path => Path.GetFileName(path).StartsWith("a.", StringComparison.Ordinal)).ShouldBe(4);
    }

    private static string Describe(IEnumerable<CompactedDay> days) => string.Join('\n', days);
}
