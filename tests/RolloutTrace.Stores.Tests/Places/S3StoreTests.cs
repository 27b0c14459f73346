namespace RolloutTrace.Stores.Tests;

public sealed class S3StoreTests() : RolloutStoreTests("s3")
{
    [Fact]
    public Task What_is_put_is_found_listed_and_got() => HoldsWhatIsPut();

    [Fact]
    public Task Equal_bytes_change_nothing() => EqualBytesChangeNothing();

    [Fact]
    public Task Other_bytes_replace_what_was_there() => OtherBytesReplace();

    [Fact]
    public Task What_is_not_there_is_missing() => WhatIsNotThereIsMissing();

    [Fact]
    public Task Many_put_at_once_are_all_there() => ManyPutAtOnceAreAllThere();

    [Fact]
    public Task Names_that_lead_elsewhere_are_refused() => NamesThatLeadElsewhereAreRefused();

    [Fact]
    public async Task Bodies_go_as_one_and_signed_to_the_bucket_in_the_path()
    {
        await using var server = await S3Server.StartAsync();
        await using var store = RolloutStore.Open($"s3://{S3Server.Bucket}", new RolloutStoreOptions { Environment = StoreFixture.EnvironmentOf(server.Address) });
        await using var files = await StoreFixture.OfAsync("directory");

        await store.PutAsync(StoreFixture.Third, files.File(1));

        server.Requests.ShouldBe([$"HEAD {StoreFixture.Third}", $"PUT {StoreFixture.Third}"]);
        server.Objects[StoreFixture.Third].Content.ShouldBe(await File.ReadAllBytesAsync(files.File(1)));
    }

    [Fact]
    public async Task Whatever_else_lies_there_is_no_rollout()
    {
        await using var server = await S3Server.StartAsync();
        await using var store = RolloutStore.Open($"s3://{S3Server.Bucket}/a/", new RolloutStoreOptions { Environment = StoreFixture.EnvironmentOf(server.Address) });
        foreach (var key in new[] { StoreFixture.Key, "a", "a/notes.txt", $"a/{StoreFixture.Other}", $"a/{StoreFixture.Other}.bak", $"ab/{StoreFixture.Key}", "a/b/2026-02-02/x.rollout.tar.zst", "a/today/x.rollout.tar.zst" })
        {
            server.Objects[key] = ([], []);
        }

        var keys = new List<string>();
        await foreach (var stored in store.ListAsync())
        {
            keys.Add(stored.Key);
        }

        keys.ShouldBe([StoreFixture.Other]);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_said_and_is_no_missing_object()
    {
        await using var server = await S3Server.StartAsync();
        await using var store = RolloutStore.Open("s3://nowhere", new RolloutStoreOptions { Environment = StoreFixture.EnvironmentOf(server.Address) });

        var error = await Should.ThrowAsync<StoreException>(() => store.GetAsync(StoreFixture.Key));

        error.Kind.ShouldBe(StoreExceptionKind.NoStore);
        error.Message.ShouldContain("s3://nowhere");
        error.Message.ShouldContain("NoSuchBucket");
    }

    [Fact]
    public async Task A_server_that_refuses_is_said()
    {
        await using var server = await S3Server.StartAsync();
        server.Instead = static _ => 403;
        await using var store = RolloutStore.Open($"s3://{S3Server.Bucket}", new RolloutStoreOptions { Environment = StoreFixture.EnvironmentOf(server.Address) });

        var error = await Should.ThrowAsync<StoreException>(() => store.FindAsync(StoreFixture.Key));

        error.Kind.ShouldBe(StoreExceptionKind.Denied);
        error.Message.ShouldContain("403");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_given_up()
    {
        await using var store = RolloutStore.Open("s3://traces", new RolloutStoreOptions { Environment = StoreFixture.EnvironmentOf("http://127.0.0.1:1") });

        var error = await Should.ThrowAsync<StoreException>(() => store.FindAsync(StoreFixture.Key)).WaitAsync(TimeSpan.FromMinutes(1));

        error.Kind.ShouldBe(StoreExceptionKind.OutOfReach);
        error.Message.ShouldStartWith($"s3://traces: {StoreFixture.Key} cannot be looked for at http://127.0.0.1:1: ");
    }
}
