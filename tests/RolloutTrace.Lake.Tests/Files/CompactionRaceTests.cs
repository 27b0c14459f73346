using Parquet;

namespace RolloutTrace.Lake.Tests.Files;

public sealed class CompactionRaceTests
{
    private static readonly string[] Expected = ["a", "a", "b", "b", "b", "c"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_put_of_what_is_there_loses_nothing_wherever_a_compaction_comes_between(bool isShared)
    {
        for (var step = 0; ; step++)
        {
            using var lake = await FilledAsync();
            var rows = await LakeFixture.RowsAsync("b", turns: 3);
            var isReached = false;
            var files = new StoppingFiles(lake.Lake.Files, async done =>
            {
                if (done == step)
                {
                    isReached = true;
                    await lake.Lake.CompactAsync();
                }
            });

            await new RolloutLake(files) { IsShared = isShared }.PutAsync("b", LakeFixture.Day, rows);

            (await CountedAsync(lake)).ShouldBe(Expected, $"compacted before step {step}");
            await lake.Lake.CompactAsync();
            (await CountedAsync(lake)).ShouldBe(Expected, $"compacted before step {step}, and again");
            if (!isReached)
            {
                step.ShouldBeGreaterThan(3);
                return;
            }
        }
    }

    // Neither may be in the middle of anything when the other goes on.
    [Fact]
    public async Task A_compaction_loses_nothing_wherever_a_put_of_what_is_there_comes_between_in_whole_or_in_halves()
    {
        for (var first = 0; ; first++)
        {
            var isReached = false;
            foreach (var second in new[] { first, first + 1, first + 2, first + 5, first + 9 })
            {
                using var lake = await FilledAsync();
                var rows = await LakeFixture.RowsAsync("b", turns: 3);
                var half = new TaskCompletionSource();
                var goOn = new TaskCompletionSource();
                Task? putting = null;
                var putter = new StoppingFiles(lake.Lake.Files, async done =>
                {
                    // After what was found to be there, and before the row in rollouts.
                    if (done == rows.Count - 1)
                    {
                        half.TrySetResult();
                        await goOn.Task;
                    }
                });
                var files = new StoppingFiles(lake.Lake.Files, async done =>
                {
                    if (done == first)
                    {
                        isReached = true;
                        putting = new RolloutLake(putter) { IsShared = true }.PutAsync("b", LakeFixture.Day, rows);
                        await Task.WhenAny(half.Task, putting);
                    }

                    if (done == second && putting is not null)
                    {
                        goOn.TrySetResult();
                        await putting;
                    }
                });
                await new RolloutLake(files).CompactAsync();
                goOn.TrySetResult();
                await (putting ?? Task.CompletedTask);

                (await CountedAsync(lake)).ShouldBe(Expected, $"put before step {first}, and from {second}");
                await lake.Lake.CompactAsync();
                (await CountedAsync(lake)).ShouldBe(Expected, $"put before step {first}, and from {second}, compacted again");
                (await lake.BundlesInAsync("turns")).ShouldBe(Expected);
                if (!isReached)
                {
                    first.ShouldBeGreaterThan(10);
                    return;
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_a_compaction_is_killed_each_row_counts_once_and_after_the_next_each_is_there_once(bool isLarge)
    {
        for (var step = 0; ; step++)
        {
            using var lake = await FilledAsync();
            var killed = new StoppingFiles(lake.Lake.Files, done => done == step ? throw new TimeoutException() : Task.CompletedTask);
            var isKilled = false;
            try
            {
                await new LakeCompaction(killed, isLarge ? 1 : 1 << 20).RunAsync();
            }
            catch (TimeoutException)
            {
                isKilled = true;
            }

            (await CountedAsync(lake)).ShouldBe(Expected, $"killed at step {step}");
            await new LakeCompaction(lake.Lake.Files, isLarge ? 1 : 1 << 20).RunAsync();
            (await CountedAsync(lake)).ShouldBe(Expected, $"killed at step {step}, and compacted");
            (await lake.BundlesInAsync("turns")).ShouldBe(Expected, $"killed at step {step}, and compacted");
            (await lake.BundlesInAsync("rollouts")).ShouldBe(["a", "b", "c"], $"killed at step {step}, and compacted");
            if (!isKilled)
            {
                step.ShouldBeGreaterThan(10);
                return;
            }
        }
    }

    [Fact]
    public async Task Who_reads_all_files_sees_no_row_twice_until_the_new_files_are_put_and_what_is_made_by_then_is_elsewhere()
    {
        using var lake = await FilledAsync();
        var seen = new List<int>();
        var files = new StoppingFiles(lake.Lake.Files, async _ => seen.Add((await lake.BundlesInAsync("rollouts")).Count));

        await new RolloutLake(files).CompactAsync();

        // One was put again, which was so before. The first new file is that of rollouts: it is looked for, and then written.
        seen[..2].ShouldBe([4, 4]);
        seen[^1].ShouldBe(3);
        seen.ShouldAllBe(static rows => rows >= 3);
    }

    [Fact]
    public async Task A_large_compacted_file_is_not_written_again_unless_a_rollout_in_it_was_put_again()
    {
        using var lake = await FilledAsync();
        await new LakeCompaction(lake.Lake.Files, large: 1).RunAsync();
        var before = lake.Paths().ToDictionary(static path => path, File.GetLastWriteTimeUtc);
        await lake.PutAsync("d", turns: 1);

        var days = await new LakeCompaction(lake.Lake.Files, large: 1).RunAsync();

        days.ShouldHaveSingleItem().Rows.ShouldBe(1 + 1 + 1 + 3);
        before.ShouldAllBe(file => File.GetLastWriteTimeUtc(file.Key) == file.Value);
        (await new LakeCompaction(lake.Lake.Files, large: 1).RunAsync()).ShouldBeEmpty();

        await lake.PutAsync("c", turns: 4);
        await new LakeCompaction(lake.Lake.Files, large: 1).RunAsync();
        (await lake.BundlesInAsync("turns")).ShouldBe(["a", "a", "b", "b", "b", "c", "c", "c", "c", "d"]);
        before.ShouldContain(file => !File.Exists(file.Key));
    }

    // Of a rollout that was compacted, and two that were not.
    private static async Task<LakeFixture> FilledAsync()
    {
        var lake = new LakeFixture();
        await lake.PutAsync("a", turns: 2);
        await lake.PutAsync("c", turns: 5);
        await lake.Lake.CompactAsync();
        await lake.PutAsync("b", turns: 3);
        await lake.PutAsync("c", turns: 1);
        return lake;
    }

    // The bundle of each row of turns that counts, by the rules that the README has.
    private static async Task<IReadOnlyList<string>> CountedAsync(LakeFixture lake)
    {
        var own = Directory.EnumerateFiles(Path.Join(lake.Lake.Place, "rollouts"), "*.parquet", SearchOption.AllDirectories).Select(static path => Path.GetFileName(path).Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var (rows, replaced) = (new List<(string Hash, string Bundle)>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in lake.Paths().Where(static path => path.Contains("/turns/", StringComparison.Ordinal) && path.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            replaced.UnionWith(reader.CustomMetadata.GetValueOrDefault(RolloutTables.ReplacesKey, "").Split(','));
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                var bundles = new string?[group.RowCount];
                await group.ReadAsync(reader.Schema.DataFields[0], bundles.AsMemory());
                rows.AddRange(bundles.OfType<string>().Where(bundle => Path.GetFileName(path).StartsWith("compacted.", StringComparison.Ordinal) != own.Contains(bundle)).Select(bundle => (Path.GetFileName(path).Split('.')[1], bundle)));
            }
        }

        return [.. rows.Where(row => !replaced.Contains(row.Hash)).Select(static row => row.Bundle).Order(StringComparer.Ordinal)];
    }
}
