using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

public class BucketLakeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [BucketKind("s3")]
    [BucketKind("s3rver")]
    [BucketKind("nats")]
    public async Task A_lake_in_a_bucket_is_the_lake_in_a_directory_file_by_file(string kind)
    {
        await using var bucket = await BucketLake.StartAsync(kind);
        using var fleet = new FleetFixture();
        var messages = await fleet.PutAsync(6);
        foreach (var lake in new[] { bucket.Files, RolloutLake.InDirectory(fleet.LakePath) })
        {
            // Each twice, and one with other rows before: what it had goes.
            foreach (var message in messages.Concat(messages))
            {
                (await fleet.Worker(lake: lake).ReduceAsync(message.Key)).Kind.ShouldBe(WorkOutcomeKind.Done);
            }
        }

        await ShouldBeAlikeAsync(bucket, fleet.LakePath);
        fleet.ShouldBeWhole(await bucket.NamesAsync());

        await new RolloutLake(bucket.Files).CompactAsync();
        await new RolloutLake(fleet.LakePath).CompactAsync();
        await ShouldBeAlikeAsync(bucket, fleet.LakePath);
        (await bucket.NamesAsync()).ShouldAllBe(static name => name.Contains("/compacted.", StringComparison.Ordinal));
    }

    [Theory]
    [BucketKind("s3")]
    [BucketKind("s3rver")]
    [BucketKind("nats")]
    public async Task What_is_put_again_replaces_what_was_there_also_on_another_day_by_another_worker(string kind)
    {
        await using var bucket = await BucketLake.StartAsync(kind);
        using var fleet = new FleetFixture();
        var one = new RolloutLake(bucket.Files) { IsShared = true };
        var other = new RolloutLake(bucket.Files) { IsShared = true };
        await other.PutAsync("b2", "2026-02-02", Rows("b2", turns: 1));

        await one.PutAsync("b", "2026-02-02", Rows("b", turns: 2));
        await other.PutAsync("b", "2026-02-03", Rows("b", turns: 3));
        await one.PutAsync("b", "2026-02-02", Rows("b", turns: 4));

        var names = await bucket.NamesAsync();
        names.Count(static name => name.Contains("/b.", StringComparison.Ordinal)).ShouldBe(Rows("b", turns: 4).Count);
        names.ShouldAllBe(static name => name.Contains("day=2026-02-02", StringComparison.Ordinal));
        names.Count(static name => name.Contains("/b2.", StringComparison.Ordinal)).ShouldBe(Rows("b2", turns: 1).Count);
    }

    [Theory]
    [BucketKind("s3")]
    [BucketKind("s3rver")]
    [BucketKind("nats")]
    public async Task Wherever_a_compaction_is_killed_no_row_is_lost_and_each_counts_once(string kind)
    {
        await using var bucket = await BucketLake.StartAsync(kind);
        var expected = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            expected.AddRange(Enumerable.Repeat($"b{i}", i + 1));
        }

        for (var steps = 0; ; steps++)
        {
            var lake = new RolloutLake(bucket.Files);
            for (var i = 0; i < 4; i++)
            {
                await lake.PutAsync($"b{i}", "2026-02-02", Rows($"b{i}", turns: i + 1));
            }

            var isKilled = false;
            try
            {
                await new RolloutLake(new EndingFiles(bucket.Files, steps)).CompactAsync();
            }
            catch (EndingFiles.EndedException)
            {
                isKilled = true;
            }

            // As the views count them, before and after the next.
            (await TurnsAsync(bucket)).ShouldBe(expected, $"after {steps} steps");
            await new RolloutLake(bucket.Files).CompactAsync();
            (await TurnsAsync(bucket)).ShouldBe(expected, $"compacted again after {steps} steps");
            if (!isKilled)
            {
                steps.ShouldBeGreaterThan(10);
                return;
            }
        }
    }

    [Theory]
    [BucketKind("s3")]
    [BucketKind("s3rver")]
    [BucketKind("nats")]
    public async Task A_copy_has_the_tables_and_days_that_are_wanted_and_says_how_many(string kind)
    {
        await using var bucket = await BucketLake.StartAsync(kind);
        using var fleet = new FleetFixture();
        var lake = new RolloutLake(bucket.Files);
        foreach (var day in new[] { "2026-02-02", "2026-02-03", "2026-02-04" })
        {
            await lake.PutAsync(day, day, Rows(day, turns: 1));
        }

        var copied = await lake.CopyAsync(new LakePart { Tables = ["turns"], Since = new DateOnly(2026, 2, 3), Until = new DateOnly(2026, 2, 4) }, fleet.PathOf("copy"));

        copied.Files.ShouldBe(1);
        copied.Days.ShouldBe(1);
        var files = Directory.EnumerateFiles(fleet.PathOf("copy"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(fleet.PathOf("copy"), file)).Order(StringComparer.Ordinal).ToList();
        files.Count(static file => file.StartsWith(".own/", StringComparison.Ordinal)).ShouldBe(3);
        var name = files.Where(static file => file[0] != '.').ShouldHaveSingleItem();
        name.ShouldStartWith("turns/day=2026-02-03/2026-02-03.");
        (await File.ReadAllBytesAsync(Path.Join(fleet.PathOf("copy"), name))).ShouldBe(await bucket.ReadAsync(name));
    }

    [Fact]
    public async Task A_put_asks_as_often_however_many_rollouts_the_lake_has()
    {
        await using var server = await S3Server.StartAsync();
        await using var objects = ObjectBucket.Open($"s3://{S3Server.Bucket}/lake", new RolloutStoreOptions
        {
            Environment = name => name == "AWS_ENDPOINT_URL" ? server.Address : name.StartsWith("AWS_", StringComparison.Ordinal) && !name.EndsWith("REGION", StringComparison.Ordinal) && !name.Contains("ENDPOINT", StringComparison.Ordinal) ? "x" : null,
        });
        var lake = new RolloutLake(new BucketFiles(objects)) { IsShared = true };
        var asked = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            var before = server.Requests.Count;
            await lake.PutAsync($"b{i}", "2026-02-02", Rows($"b{i}", turns: 1));
            asked.Add(server.Requests.Count - before);
        }

        asked.ShouldAllBe(count => count == asked[0]);
    }

    [NatsFact]
    public async Task Workers_that_are_killed_lose_nothing_of_a_lake_in_a_bucket()
    {
        await using var bucket = await BucketLake.StartAsync("s3");
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await FleetFixture.HandOutAgainSoonAsync(server.Url);
        await fleet.PutAsync(30, queue: queue);
        foreach (var files in new[] { 1, 30 })
        {
            using var killed = Start();
            for (var until = Stopwatch.StartNew(); (await bucket.NamesAsync()).Count < files;)
            {
                until.Elapsed.ShouldBeLessThan(Patience);
                killed.HasExited.ShouldBeFalse();
                await Task.Delay(5);
            }

            killed.Kill();
            killed.WaitForExit(Patience).ShouldBeTrue();
        }

        using var last = Start();
        await FleetFixture.UntilEmptyAsync(server.Url);
        last.Kill();
        last.WaitForExit(Patience).ShouldBeTrue();
        fleet.ShouldBeWhole(await bucket.NamesAsync());

        Process Start()
        {
            var process = ServeProcess.Start(["work", "--nats", server.Url, "--store", fleet.StorePath, "--lake", bucket.Url], bucket.Environment);
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return process;
        }
    }

    private static IReadOnlyList<TableFile> Rows(string bundle, int turns)
    {
        using var made = new TestBundle();
        made.WithTurn();
        for (var i = 2; i <= turns; i++)
        {
            made.Append(new CodexTurnStartedEvent { CodexTurnId = $"turn-{i}", ThreadId = TestBundle.Root });
        }

        return RolloutTables.WriteAsync(RolloutTrace.Analysis.OpenRollout.Open(made.Open()), bundle).GetAwaiter().GetResult();
    }

    private static async Task ShouldBeAlikeAsync(BucketLake bucket, string directory)
    {
        var names = await bucket.NamesAsync();
        names.ShouldBe(Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal));
        names.ShouldNotBeEmpty();
        foreach (var name in names)
        {
            (await bucket.ReadAsync(name)).ShouldBe(await File.ReadAllBytesAsync(Path.Join(directory, name)), name);
        }
    }

    // The bundle of each row of turns that counts.
    private static async Task<IReadOnlyList<string>> TurnsAsync(BucketLake bucket)
    {
        var names = await bucket.NamesAsync();
        var own = names.Where(static name => name.StartsWith("rollouts/", StringComparison.Ordinal)).Select(BundleOf).ToHashSet(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var name in names.Where(static name => name.StartsWith("turns/", StringComparison.Ordinal)))
        {
            using var content = new MemoryStream(await bucket.ReadAsync(name));
            await using var reader = await Parquet.ParquetReader.CreateAsync(content);
            using var group = reader.OpenRowGroupReader(0);
            var bundles = new string?[group.RowCount];
            await group.ReadAsync(reader.Schema.DataFields[0], bundles.AsMemory());
            found.AddRange(bundles.OfType<string>().Where(bundle => (BundleOf(name) == "compacted") != own.Contains(bundle)));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static string BundleOf(string name) => Path.GetFileName(name).Split('.')[0];
}
