namespace RolloutTrace.Stores.Tests;

public sealed class DirectoryStoreTests() : RolloutStoreTests("directory")
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
    public async Task Bundles_as_recorders_leave_them_are_rollouts_too_and_are_read_where_they_are()
    {
        await using var fixture = await StoreFixture.OfAsync("directory");
        using var bundle = new TestBundle().WithTurn();
        var below = Path.Join(fixture.Url, "some", "bundle");
        Directory.CreateDirectory(Path.GetDirectoryName(below)!);
        Directory.Move(bundle.Directory, below);
        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));

        var key = $"2026-02-02/trace-trace-1-{TestBundle.Root}.rollout.tar.zst";
        (await fixture.KeysAsync()).ShouldBe([StoreFixture.Key, key]);
        using (var fetched = await fixture.Store.GetAsync(key))
        {
            fetched.Path.ShouldBe(below);
        }

        Directory.Exists(below).ShouldBeTrue();
        Directory.CreateDirectory(bundle.Directory);
    }

    [Fact]
    public async Task A_bundle_whose_manifest_cannot_be_read_is_called_by_its_directory()
    {
        await using var fixture = await StoreFixture.OfAsync("directory");
        Directory.CreateDirectory(Path.Join(fixture.Url, "a b"));
        await File.WriteAllTextAsync(Path.Join(fixture.Url, "a b", "manifest.json"), "no");

        (await fixture.KeysAsync()).ShouldBe(["1970-01-01/a%20b.rollout.tar.zst"]);
    }

    [Fact]
    public async Task Whatever_else_lies_there_is_no_rollout()
    {
        await using var fixture = await StoreFixture.OfAsync("directory");
        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));
        foreach (var name in new[] { "notes.txt", "x.rollout.tar.zst", "2026-02-02/notes.txt", "2026-02-02/.x.rollout.tar.zst", "2026-02-02/deeper/x.rollout.tar.zst", "today/x.rollout.tar.zst", ".collect/2026-02-02/x.rollout.tar.zst", "2026-02-02/a b.rollout.tar.zst" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(fixture.Url, name))!);
            await File.WriteAllTextAsync(Path.Join(fixture.Url, name), "x");
        }

        File.CreateSymbolicLink(Path.Join(fixture.Url, "2026-02-02", "link.rollout.tar.zst"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Join(fixture.Url, "2026-02-04"), Path.Join(fixture.Url, "2026-02-02"));

        (await fixture.KeysAsync()).ShouldBe([StoreFixture.Key]);
    }

    [Fact]
    public async Task A_put_leaves_nothing_beside_what_it_put_even_if_one_was_killed_before()
    {
        await using var fixture = await StoreFixture.OfAsync("directory");
        var left = Path.Join(fixture.Url, "2026-02-02", ".trace-1-a.rollout.tar.zst.0123.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "x");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow - TimeSpan.FromDays(1));

        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));

        Directory.EnumerateFiles(fixture.Url, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).ShouldBe([Path.Join(fixture.Url, StoreFixture.Key)]);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_said()
    {
        await using var fixture = await StoreFixture.OfAsync("directory");

        (await Should.ThrowAsync<StoreException>(fixture.KeysAsync)).Message.ShouldBe($"{fixture.Url}: there is no such directory");
        (await Should.ThrowAsync<StoreException>(() => fixture.Store.GetAsync(StoreFixture.Key))).Kind.ShouldBe(StoreExceptionKind.NoStore);
    }
}
