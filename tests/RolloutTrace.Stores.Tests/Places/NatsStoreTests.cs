using System.Diagnostics;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;

namespace RolloutTrace.Stores.Tests;

public sealed class NatsStoreTests() : RolloutStoreTests("nats")
{
    [NatsFact]
    public Task What_is_put_is_found_listed_and_got() => HoldsWhatIsPut();

    [NatsFact]
    public Task Equal_bytes_change_nothing() => EqualBytesChangeNothing();

    [NatsFact]
    public Task Other_bytes_replace_what_was_there() => OtherBytesReplace();

    [NatsFact]
    public Task What_is_not_there_is_missing() => WhatIsNotThereIsMissing();

    [NatsFact]
    public Task Many_put_at_once_are_all_there() => ManyPutAtOnceAreAllThere();

    [NatsFact]
    public Task Names_that_lead_elsewhere_are_refused() => NamesThatLeadElsewhereAreRefused();

    [NatsFact]
    public async Task Whatever_else_lies_there_is_no_rollout()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = RolloutStore.Open($"{server.Url}/traces");
        await using var files = await StoreFixture.OfAsync("directory");
        await store.PutAsync(StoreFixture.Key, files.File(1));
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        var bucket = await new NatsObjContext(new NatsJSContext(connection)).GetObjectStoreAsync("traces");
        await bucket.PutAsync("notes.txt", [1, 2]);
        await bucket.PutAsync(StoreFixture.Other, [1, 2]);
        await bucket.DeleteAsync(StoreFixture.Other);
        await bucket.AddLinkAsync(StoreFixture.Third, StoreFixture.Key);

        var keys = new List<string>();
        await foreach (var stored in store.ListAsync())
        {
            keys.Add(stored.Key);
        }

        keys.ShouldBe([StoreFixture.Key]);
        (await store.FindAsync(StoreFixture.Other)).ShouldBeNull();
    }

    [NatsFact]
    public async Task A_bucket_that_is_not_there_is_said_and_is_no_missing_object()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = RolloutStore.Open($"{server.Url}/nowhere");

        var error = await Should.ThrowAsync<StoreException>(() => store.GetAsync(StoreFixture.Key));

        error.Kind.ShouldBe(StoreExceptionKind.NoStore);
        error.Message.ShouldContain($"{store.Url}: there is no such object store");
    }

    [NatsFact]
    public async Task A_server_that_does_not_know_us_refuses()
    {
        await using var server = await NatsServer.StartAsync("--user", "someone", "--pass", "secret");
        await using var store = RolloutStore.Open($"nats://someone:wrong@127.0.0.1:{new Uri(server.Url).Port}/traces", new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(2) });

        var error = await Should.ThrowAsync<StoreException>(() => store.FindAsync(StoreFixture.Key)).WaitAsync(TimeSpan.FromMinutes(1));

        error.Kind.ShouldBe(StoreExceptionKind.Denied, error.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_given_up()
    {
        await using var store = RolloutStore.Open("nats://someone:secret@127.0.0.1:1/traces", new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(1) });

        var error = await Should.ThrowAsync<StoreException>(() => store.FindAsync(StoreFixture.Key)).WaitAsync(TimeSpan.FromMinutes(1));

        error.Kind.ShouldBe(StoreExceptionKind.OutOfReach);
        error.Message.ShouldContain("nats://127.0.0.1:1");
        error.ToString().ShouldNotContain("secret");
    }

    [NatsFact]
    public async Task A_server_that_comes_back_is_found_again()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = RolloutStore.Open($"{server.Url}/traces", new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(2) });
        await using var files = await StoreFixture.OfAsync("directory");
        await store.PutAsync(StoreFixture.Key, files.File(1));
        server.Kill();
        await Should.ThrowAsync<StoreException>(() => store.FindAsync(StoreFixture.Key)).WaitAsync(TimeSpan.FromMinutes(1));
        await server.StartAgainAsync();

        for (var until = Stopwatch.StartNew(); ;)
        {
            try
            {
                (await store.FindAsync(StoreFixture.Key)).ShouldNotBeNull();
                break;
            }
            catch (StoreException e)
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), e.Message);
                await Task.Delay(100);
            }
        }
    }
}
