using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleWriterLockTests : IDisposable
{
    private const string Unheld = "00000000-0000-4000-8000-000000000001";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-");
    private readonly string root;

    public BundleWriterLockTests() => root = Path.Join(directory.FullName, "bundles");

    private string[] Locks => Directory.GetFiles(root, ".recorder-*");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void TakenAndLetGo_ItsBundleHasALivingWriterAndThenNone()
    {
        var taken = BundleWriterLock.TryTake(root).ShouldNotBeNull();
        var bundle = Bundle(taken.Id);

        bundle.FindWriter().ShouldBe(BundleWriterState.Alive);
        bundle.FindWriter().ShouldBe(BundleWriterState.Alive, "looking does not let go");
        Locks.ShouldHaveSingleItem();
        taken.Dispose();
        bundle.FindWriter().ShouldBe(BundleWriterState.NoLock);
        Locks.ShouldBeEmpty();
    }

    [Fact]
    public void TwoRecorders_EachHasItsOwn()
    {
        using var first = BundleWriterLock.TryTake(root).ShouldNotBeNull();
        var second = BundleWriterLock.TryTake(root).ShouldNotBeNull();
        second.Dispose();

        Bundle(first.Id).FindWriter().ShouldBe(BundleWriterState.Alive);
        Bundle(second.Id).FindWriter().ShouldBe(BundleWriterState.NoLock);
    }

    [Fact]
    public void LeftBehindByTheDead_IsDeletedByTheNextRecorder()
    {
        Directory.CreateDirectory(root);
        File.WriteAllText(LockFile(Unheld), "left");
        var bundle = Bundle(Unheld);
        bundle.FindWriter().ShouldBe(BundleWriterState.Gone);

        using var taken = BundleWriterLock.TryTake(root).ShouldNotBeNull();

        Locks.ShouldBe([LockFile(taken.Id)]);
        bundle.FindWriter().ShouldBe(BundleWriterState.NoLock);
    }

    [Fact]
    public void TakenFromManyThreadsAtOnce_NobodyDeletesAnothers()
    {
        var taken = new BundleWriterLock?[64];

        Parallel.For(0, taken.Length, i => taken[i] = BundleWriterLock.TryTake(root));

        foreach (var held in taken)
        {
            held.ShouldNotBeNull().IsInPlace.ShouldBeTrue();
            Bundle(held.Id).FindWriter().ShouldBe(BundleWriterState.Alive);
        }

        Locks.Length.ShouldBe(taken.Length);
        Array.ForEach(taken, held => held!.Dispose());
        Locks.ShouldBeEmpty();
    }

    [Fact]
    public void DirectoryDeleted_IsNoLongerInPlace()
    {
        using var taken = BundleWriterLock.TryTake(root).ShouldNotBeNull();
        Directory.Delete(root, recursive: true);

        taken.IsInPlace.ShouldBeFalse();
    }

    [Fact]
    public void RootIsAFile_IsNotTaken()
    {
        File.WriteAllText(root, "");

        BundleWriterLock.TryTake(root).ShouldBeNull();
    }

    [Fact]
    public void BundleReachedThroughALink_TheLockIsLookedForBesideTheBundleItself()
    {
        using var taken = BundleWriterLock.TryTake(root).ShouldNotBeNull();
        var bundle = Bundle(taken.Id);
        var link = Path.Join(directory.FullName, "link");
        Directory.CreateSymbolicLink(link, bundle.DisplayName);

        BundleReader.Open(link).FindWriter().ShouldBe(BundleWriterState.Alive);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../outside")]
    [InlineData("00000000000040008000000000000001")]
    public void ManifestNamesNoLock_NothingIsKnown(string? id) => Bundle(id).FindWriter().ShouldBe(BundleWriterState.Unknown);

    [Fact]
    public void WhatIsNoRegularFile_IsNotOpened()
    {
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(LockFile(Unheld));
        Bundle(Unheld).FindWriter().ShouldBe(BundleWriterState.Unknown);
        Directory.Delete(LockFile(Unheld));

        File.WriteAllText(Path.Join(directory.FullName, "outside"), "not to be looked at");
        File.CreateSymbolicLink(LockFile(Unheld), Path.Join(directory.FullName, "outside"));
        Bundle(Unheld).FindWriter().ShouldBe(BundleWriterState.Unknown);
        File.Delete(LockFile(Unheld));

        if (!OperatingSystem.IsWindows())
        {
            using var mkfifo = Process.Start("mkfifo", LockFile(Unheld));
            mkfifo.WaitForExit();
            Bundle(Unheld).FindWriter().ShouldBe(BundleWriterState.Unknown);
        }
    }

    private string LockFile(string id) => Path.Join(root, $".recorder-{id}.lock");

    private BundleReader Bundle(string? writerLock)
    {
        var bundle = Path.Join(root, $"bundle-{Guid.NewGuid():N}");
        Directory.CreateDirectory(bundle);
        var manifest = new BundleManifest { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1, WriterLock = writerLock };
        File.WriteAllBytes(Path.Join(bundle, "manifest.json"), JsonSerializer.SerializeToUtf8Bytes(manifest, BundleJsonContext.Default.BundleManifest));
        return BundleReader.Open(bundle);
    }
}
