namespace RolloutTrace.Stores.Tests;

/// <summary>What every kind of store promises.</summary>
public abstract class RolloutStoreTests(string kind)
{
    protected async Task HoldsWhatIsPut()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        var big = fixture.File(1, 300_000);

        (await fixture.Store.PutAsync(StoreFixture.Key, big)).ShouldBeTrue();
        (await fixture.Store.PutAsync(StoreFixture.Other, fixture.File(2))).ShouldBeTrue();
        (await fixture.Store.PutAsync(StoreFixture.Third, fixture.File(3, 0))).ShouldBeTrue();

        (await fixture.KeysAsync()).ShouldBe([StoreFixture.Third, StoreFixture.Key, StoreFixture.Other]);
        await fixture.ShouldHoldAsync(StoreFixture.Key, big);
        await fixture.ShouldHoldAsync(StoreFixture.Third, fixture.File(3, 0));
        (await fixture.Store.FindAsync(StoreFixture.Key))!.Bytes.ShouldBe(300_000);
    }

    protected async Task EqualBytesChangeNothing()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));
        var before = await fixture.Store.FindAsync(StoreFixture.Key);

        (await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1))).ShouldBeFalse();

        (await fixture.Store.FindAsync(StoreFixture.Key)).ShouldBe(before);
    }

    protected async Task OtherBytesReplace()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));
        var before = await fixture.Store.FindAsync(StoreFixture.Key);

        (await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(2))).ShouldBeTrue();

        (await fixture.Store.FindAsync(StoreFixture.Key))!.Version.ShouldNotBe(before!.Version);
        (await fixture.KeysAsync()).ShouldBe([StoreFixture.Key]);
        await fixture.ShouldHoldAsync(StoreFixture.Key, fixture.File(2));
    }

    protected async Task WhatIsNotThereIsMissing()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        await fixture.Store.PutAsync(StoreFixture.Key, fixture.File(1));

        (await fixture.Store.FindAsync(StoreFixture.Other)).ShouldBeNull();
        var error = await Should.ThrowAsync<StoreException>(() => fixture.Store.GetAsync(StoreFixture.Other));

        error.Kind.ShouldBe(StoreExceptionKind.NoObject);
        error.Message.ShouldBe($"{fixture.Store.Url}: has no {StoreFixture.Other}");
    }

    protected async Task ManyPutAtOnceAreAllThere()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        var keys = Enumerable.Range(10, 20).Select(static i => $"2026-02-02/trace-{i}.rollout.tar.zst").ToList();
        var files = keys.Select((_, i) => fixture.File(i)).ToList();

        // Each twice: who comes second finds it, or puts the same.
        await Task.WhenAll(keys.Concat(keys).Select((key, i) => Task.Run(() => fixture.Store.PutAsync(key, files[i % files.Count]))));

        (await fixture.KeysAsync()).ShouldBe(keys);
        for (var i = 0; i < keys.Count; i++)
        {
            await fixture.ShouldHoldAsync(keys[i], files[i]);
        }
    }

    protected async Task NamesThatLeadElsewhereAreRefused()
    {
        await using var fixture = await StoreFixture.OfAsync(kind);
        foreach (var key in new[] { "../2026-02-02/x.rollout.tar.zst", "2026-02-02/../x.rollout.tar.zst", "/etc/passwd", "2026-02-02//x.rollout.tar.zst", "a\\b", "", "x\n" })
        {
            await Should.ThrowAsync<ArgumentException>(() => fixture.Store.PutAsync(key, fixture.File(1)));
            await Should.ThrowAsync<ArgumentException>(() => fixture.Store.GetAsync(key));
            await Should.ThrowAsync<ArgumentException>(() => fixture.Store.FindAsync(key));
        }

        await Should.ThrowAsync<ArgumentException>(() => fixture.Store.PutAsync("2026-02-30/trace-1.rollout.tar.zst", fixture.File(1)));
        (await Should.ThrowAsync<StoreException>(() => fixture.Store.PutAsync(StoreFixture.Key, Path.Join(fixture.Directory, "none")))).Kind.ShouldBe(StoreExceptionKind.File);
    }
}
