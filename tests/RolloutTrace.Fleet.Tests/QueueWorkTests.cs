using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

public class QueueWorkTests
{
    [NatsFact]
    public async Task Several_workers_put_each_rollout_into_the_lake_once_however_often_it_is_announced()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        var messages = await fleet.PutAsync(60, queue: queue);

        // With another id each, so that the queue takes every one.
        await SendAsync(server.Url, messages.Concat(messages).Select(static message => message.ToJson()));

        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
        (await FleetFixture.DeadAsync(server.Url)).ShouldBeEmpty();
    }

    [NatsFact]
    public async Task The_consumer_is_as_documented()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            await using var queue = await QueuedRollouts.OpenAsync(server.Url);
            await fleet.PutAsync(1, queue: queue);
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        var config = (await new NatsJSContext(connection).GetConsumerAsync("ROLLOUTS", "reducers")).Info.Config;
        config.DurableName.ShouldBe("reducers");
        config.AckPolicy.ShouldBe(ConsumerConfigAckPolicy.Explicit);
        config.AckWait.ShouldBe(TimeSpan.FromSeconds(60));
        config.MaxDeliver.ShouldBe(-1);
        config.DeliverSubject.ShouldBeNull();
    }

    [NatsFact]
    public async Task What_is_no_rollout_goes_to_the_dead_letters_at_once_and_stops_nobody()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        var garbage = fleet.PathOf("garbage");
        await File.WriteAllTextAsync(garbage, "no rollout");
        var poison = await RolloutMessage.OfAsync("2026-02-02/trace-x.rollout.tar.zst", garbage);
        await fleet.Store.PutAsync(poison.Key, garbage);
        await queue.AnnounceAsync(poison);
        await fleet.PutAsync(5, queue: queue);

        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
        var letter = (await FleetFixture.DeadAsync(server.Url)).ShouldHaveSingleItem();
        letter.GetProperty("schema_version").GetInt32().ShouldBe(1);
        letter.GetProperty("key").GetString().ShouldBe(poison.Key);
        letter.GetProperty("sha256").GetString().ShouldBe(poison.Sha256);
        letter.GetProperty("bytes").GetInt64().ShouldBe(10);
        letter.GetProperty("reason").GetString().ShouldBe("unreadable");
        letter.GetProperty("detail").GetString()!.ShouldContain(poison.Key);
        letter.GetProperty("deliveries").GetInt32().ShouldBe(1);
        DateTimeOffset.FromUnixTimeMilliseconds(letter.GetProperty("dead_at_unix_ms").GetInt64()).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [NatsFact]
    public async Task A_message_that_is_none_of_ours_goes_to_the_dead_letters_with_its_text()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        string[] texts = ["hello", "", "{\"schema_version\":1,\"key\":\"../../etc/passwd\",\"sha256\":\"\",\"bytes\":1}", new string('\u0001', 500_000)];
        await SendAsync(server.Url, [.. texts.Select(Encoding.UTF8.GetBytes), [0xff, 0xfe]]);
        await fleet.PutAsync(2, queue: queue);

        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
        var letters = await FleetFixture.DeadAsync(server.Url);
        letters.Select(static letter => letter.GetProperty("reason").GetString()).ShouldBe(Enumerable.Repeat("message", 5));
        letters.Take(3).Select(static letter => letter.GetProperty("detail").GetString()).ShouldBe(texts.Take(3));
        letters[0].TryGetProperty("key", out _).ShouldBeFalse();
    }

    [NatsFact]
    public async Task What_the_store_has_not_is_missing_after_five_deliveries()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        var message = await fleet.MakeAsync(1);
        fleet.Without(message);
        Directory.CreateDirectory(fleet.StorePath);
        await queue.AnnounceAsync(message);

        await using var work = await RunningWork.StartAsync(server.Url, fleet.Worker());
        await FleetFixture.UntilEmptyAsync(server.Url);

        var letter = (await FleetFixture.DeadAsync(server.Url)).ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("missing");
        FiveTimes(letter, work);
    }

    [NatsFact]
    public async Task What_fails_five_times_has_failed_and_the_others_are_there()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        var messages = await fleet.PutAsync(3, queue: queue);

        // Where a file of its would be, there is something else.
        var bad = Directory.CreateDirectory(Path.Join(fleet.LakePath, "threads", "day=2026-02-02"));
        foreach (var file in await NamesOfAsync(fleet, messages[0]))
        {
            Directory.CreateDirectory(Path.Join(bad.FullName, file, "in the way"));
        }

        await using var work = await RunningWork.StartAsync(server.Url, fleet.Worker());
        await FleetFixture.UntilEmptyAsync(server.Url);

        var letter = (await FleetFixture.DeadAsync(server.Url)).ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("failed");
        letter.GetProperty("key").GetString().ShouldBe(messages[0].Key);
        FiveTimes(letter, work);
        bad.Delete(recursive: true);
        fleet.Files().Count(static file => file.StartsWith("rollouts/", StringComparison.Ordinal)).ShouldBe(2);
    }

    [NatsFact]
    public async Task What_is_out_of_reach_is_waited_for_and_is_no_failure()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await fleet.PutAsync(3, queue: queue);
        Directory.Move(fleet.StorePath, fleet.PathOf("away"));

        await using (var work = await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            for (var until = Stopwatch.StartNew(); work.Outcomes.Count < 20;)
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
                await Task.Delay(20);
            }

            work.Outcomes.ShouldAllBe(static outcome => outcome.Kind == WorkOutcomeKind.OutOfReach);
            Directory.Move(fleet.PathOf("away"), fleet.StorePath);
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
        (await FleetFixture.DeadAsync(server.Url)).ShouldBeEmpty();
    }

    [NatsFact]
    public async Task Of_whom_nothing_more_was_heard_five_times_is_not_tried_again()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        await new NatsJSContext(connection).CreateOrUpdateConsumerAsync("ROLLOUTS", new ConsumerConfig("reducers") { DurableName = "reducers", AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = TimeSpan.FromMilliseconds(200), MaxDeliver = -1 });
        fleet.Without((await fleet.PutAsync(1, queue: queue))[0]);
        for (var i = 1; i <= 5; i++)
        {
            QueuedRollout? received = null;
            for (var until = Stopwatch.StartNew(); received is null; received = await queue.NextAsync(TimeSpan.FromSeconds(1)))
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            }

            received.Deliveries.ShouldBe(i);
        }

        await using var work = await RunningWork.StartAsync(server.Url, fleet.Worker());
        await FleetFixture.UntilEmptyAsync(server.Url);

        work.Outcomes.ShouldBeEmpty();
        fleet.LakeShouldBeWhole();
        var letter = (await FleetFixture.DeadAsync(server.Url)).ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("killed");
        letter.GetProperty("deliveries").GetInt32().ShouldBe(6);
    }

    [NatsFact]
    public async Task Of_what_failed_here_the_last_failure_is_told_also_where_other_deliveries_were_lost()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await queue.AnnounceAsync(await fleet.MakeAsync(1));
        Directory.CreateDirectory(fleet.StorePath);
        await using var work = await RunningWork.StartAsync(server.Url, fleet.Worker(), tries: 1);
        await work.Stopped;

        // Handed out four times to somebody who tries nothing.
        for (var i = 2; i <= 5; i++)
        {
            QueuedRollout? received = null;
            for (var until = Stopwatch.StartNew(); received is null; received = await queue.NextAsync(TimeSpan.FromSeconds(1)))
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            }

            received.Deliveries.ShouldBe(i);
            await received.RetryAsync(TimeSpan.Zero);
        }

        work.GoOn();
        await FleetFixture.UntilEmptyAsync(server.Url);

        var letter = (await FleetFixture.DeadAsync(server.Url)).ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("missing");
        letter.GetProperty("detail").GetString().ShouldBe(work.Outcomes.ShouldHaveSingleItem().Detail);
        letter.GetProperty("deliveries").GetInt32().ShouldBe(6);
    }

    [NatsFact]
    public async Task What_is_put_again_replaces_what_it_had_whoever_reduces_it()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            for (var turns = 1; turns <= 4; turns++)
            {
                await fleet.PutAsync(10, queue: queue, turns: turns);
            }

            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
    }

    [NatsFact]
    public async Task A_stream_that_somebody_deletes_is_made_again()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);
        await using (await RunningWork.StartAsync(server.Url, fleet.Worker()))
        {
            await fleet.PutAsync(1, queue: queue);
            await FleetFixture.UntilEmptyAsync(server.Url);
            await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
            await new NatsJSContext(connection).DeleteStreamAsync("ROLLOUTS");

            // Until the worker has missed it, nobody takes an announcement.
            var message = await fleet.MakeAsync(2);
            await fleet.Store.PutAsync(message.Key, fleet.PathOf("2-1.rollout.tar.zst"));
            await UntilThereAsync(async () =>
            {
                await queue.AnnounceAsync(message);
                return true;
            });
            await FleetFixture.UntilEmptyAsync(server.Url);
        }

        fleet.LakeShouldBeWhole();
    }

    [NatsFact]
    public async Task Of_three_servers_one_may_be_killed_and_come_back()
    {
        var servers = await NatsServer.StartClusterAsync();
        try
        {
            using var fleet = new FleetFixture();
            var urls = string.Join(',', servers.Select(static server => server.Url));
            await using var queue = await UntilThereAsync(() => QueuedRollouts.OpenAsync(urls, new RolloutStoreOptions { Replicas = 3, Timeout = TimeSpan.FromSeconds(2) }));
            await using var store = RolloutStore.Open($"{urls}/traces", new RolloutStoreOptions { Replicas = 3, Timeout = TimeSpan.FromSeconds(5) });
            await using (await RunningWork.StartAsync(urls, fleet.Worker(store)))
            await using (await RunningWork.StartAsync(urls, fleet.Worker(store)))
            {
                for (var i = 1; i <= 30; i++)
                {
                    if (i == 10)
                    {
                        servers[1].Kill();
                    }
                    else if (i == 20)
                    {
                        await servers[1].StartAgainAsync();
                    }

                    var message = await fleet.MakeAsync(i);
                    await UntilThereAsync(async () =>
                    {
                        await store.PutAsync(message.Key, fleet.PathOf($"{i}-1.rollout.tar.zst"));
                        await queue.AnnounceAsync(message);
                        return true;
                    });
                }

                await FleetFixture.UntilEmptyAsync(urls);
            }

            fleet.LakeShouldBeWhole();
            (await FleetFixture.DeadAsync(urls)).ShouldBeEmpty();
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    // A delivery that a machine without time to spare loses on its way counts, and is not tried.
    private static void FiveTimes(JsonElement letter, RunningWork work)
    {
        var failures = work.Outcomes.Count(static outcome => outcome.Kind is WorkOutcomeKind.Missing or WorkOutcomeKind.Failed);
        failures.ShouldBeInRange(1, 5);
        letter.GetProperty("deliveries").GetInt32().ShouldBe(failures == 5 ? 5 : 6);
    }

    // A cluster finds its leader first, and another when that is gone.
    private static async Task<T> UntilThereAsync<T>(Func<Task<T>> ask)
    {
        for (var until = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await ask();
            }
            catch (StoreException e)
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), e.Message);
                await Task.Delay(200);
            }
        }
    }

    private static async Task SendAsync(string url, IEnumerable<byte[]> contents)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var context = new NatsJSContext(connection);
        foreach (var content in contents)
        {
            (await context.PublishAsync("rollouts.packed", content)).EnsureSuccess();
        }
    }

    private static async Task<IReadOnlyList<string>> NamesOfAsync(FleetFixture fleet, RolloutMessage message)
    {
        using var other = new FleetFixture();
        await other.Worker(fleet.Store).ReduceAsync(message.Key);
        return [.. other.Files().Where(static file => file.StartsWith("threads/", StringComparison.Ordinal)).Select(static file => Path.GetFileName(file)!)];
    }
}
