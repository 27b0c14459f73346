using RolloutTrace.Bundle;

namespace RolloutTrace.Packing.Tests;

public sealed class BundlePackerTests : IDisposable
{
    private readonly PackingDirectory directory = new();

    [ZstdToolFact]
    public void Tar_GivesTheBundleBack_ByteForByte()
    {
        // A part of the cases, since files are slow.
        foreach (var name in ConformanceCase.Names.Where(static (_, i) => i % 6 == 0))
        {
            var bundle = ConformanceCase.Named(name).Bundle;
            var packed = BundlePacker.Pack(bundle, directory.Place($"{name}.rollout.tar.zst"), PackingDirectory.LongAfter).Path;
            var target = Directory.CreateDirectory(directory.Place(name)).FullName;

            ZstdTools.Run("tar", "--zstd", "-xf", packed, "-C", target).ShouldBe(0, name);
            PackingDirectory.Everything(Path.Join(target, "bundle")).ShouldBe(PackingDirectory.Everything(bundle), name);
            ZstdTools.Run("zstd", "-t", packed).ShouldBe(0, name);
        }
    }

    [ZstdToolFact]
    public void Tar_ClosesToOthersWhatItUnpacks()
    {
        var bundle = directory.Bundle(payloads: ["{}"]);
        var packed = BundlePacker.Pack(bundle, directory.Place("x.rollout.tar.zst")).Path;
        Directory.CreateDirectory(directory.Place("out"));

        ZstdTools.Run("tar", "--zstd", "-xf", packed, "-C", directory.Place("out")).ShouldBe(0);

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(directory.Place("out/bundle")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(directory.Place("out/bundle/payloads")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(directory.Place("out/bundle/payloads/1.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(packed).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [ZstdToolFact]
    public void Names_ThatAHeaderHasNoRoomFor_AreKept()
    {
        var name = new string('n', 180);
        var bundle = directory.Bundle(name, payloads: ["{}"]);
        Directory.CreateDirectory(Path.Join(bundle, "extra/leer"));
        File.WriteAllText(Path.Join(bundle, "extra", new string('x', 200)), "1");
        File.WriteAllText(Path.Join(bundle, "extra", "größe — 尺寸"), "2");
        var packed = BundlePacker.Pack(bundle).Path;
        var before = PackingDirectory.Everything(bundle);
        Directory.CreateDirectory(directory.Place("out"));

        ZstdTools.Run("tar", "--zstd", "-xf", packed, "-C", directory.Place("out")).ShouldBe(0);

        PackingDirectory.Everything(directory.Place($"out/{name}")).ShouldBe(before);
        PackingDirectory.Everything(BundleUnpacker.Unpack(packed, directory.Place("again")).Directory).ShouldBe(before);
    }

    [Fact]
    public void Unpack_GivesEveryBundleBack_ByteForByte()
    {
        var bundles = ConformanceCase.Names.Select(static name => ConformanceCase.Named(name).Bundle).Where(static (_, i) => i % 4 == 1).Concat(FieldCase.Names.Select(FieldCase.Bundle).Where(static (_, i) => i % 4 == 1));
        foreach (var bundle in bundles)
        {
            var packed = BundlePacker.Pack(bundle, directory.Place($"{Guid.NewGuid():N}.rollout.tar.zst"), PackingDirectory.LongAfter).Path;

            var unpacked = BundleUnpacker.Unpack(packed);

            unpacked.Directory.ShouldBe(packed[..^".rollout.tar.zst".Length]);
            unpacked.Damage.ShouldBeNull();
            PackingDirectory.Everything(unpacked.Directory).ShouldBe(PackingDirectory.Everything(bundle), bundle);
        }
    }

    [Fact]
    public void Pack_OfTheSameBundle_GivesTheSameBytes()
    {
        var first = directory.Bundle("a/bundle", payloads: ["{\"a\":1}", "{}", "[2]"]);
        File.WriteAllText(Path.Join(first, "notes.txt"), "n");
        var second = directory.Copy(first, "b/bundle");
        Directory.CreateDirectory(directory.Place("b/bundle/payloads"));
        File.SetLastWriteTimeUtc(Path.Join(second, "trace.jsonl"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Join(second, "payloads/1.json"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        File.ReadAllBytes(BundlePacker.Pack(second).Path).ShouldBe(File.ReadAllBytes(BundlePacker.Pack(first).Path));
    }

    [Fact]
    public void Members_StandInTheirOrder()
    {
        var bundle = directory.Bundle(payloads: [.. Enumerable.Range(1, 12).Select(static n => $"{n}")]);
        File.WriteAllText(Path.Join(bundle, "payloads/07.json"), "no payload's name");
        File.WriteAllText(Path.Join(bundle, "state.json"), "{}");
        using var reader = new PackedReader(BundlePacker.Pack(bundle).Path);
        var names = new List<string>();
        while (reader.MoveNext())
        {
            names.Add(reader.Name);
        }

        names.ShouldBe(["", "manifest.json", "trace.jsonl", "payloads/", .. Enumerable.Range(1, 12).Select(static n => $"payloads/{n}.json"), "payloads/07.json", "state.json"]);
    }

    [Fact]
    public void Pack_OfARunningRollout_IsRefused()
    {
        using var writer = BundleWriterLock.TryTake(directory.Path)!;
        var bundle = directory.Bundle(log: PackingDirectory.End.Replace("completed", "running", StringComparison.Ordinal), writerLock: writer.Id);

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle, options: PackingDirectory.LongAfter with { Delete = true })).Message.ShouldBe($"{bundle}: is still being recorded; it can be packed when it has ended");

        Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName).ShouldBe(["bundle", $".recorder-{writer.Id}.lock"], ignoreOrder: true);
    }

    [Fact]
    public void Pack_OfARolloutThatEnded_DoesNotWaitForItsRecorder()
    {
        using var writer = BundleWriterLock.TryTake(directory.Path)!;
        var bundle = directory.Bundle(writerLock: writer.Id);

        BundlePacker.Pack(bundle, options: new PackOptions { Delete = true }).Deleted.ShouldBeTrue();

        Directory.Exists(bundle).ShouldBeFalse();
    }

    [Fact]
    public void Pack_OfARolloutWithoutEnd_OfWhichNothingTells_WaitsForSilence()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 59, 59, TimeSpan.Zero));
        var bundle = directory.Bundle(log: "");
        File.SetLastWriteTimeUtc(Path.Join(bundle, "trace.jsonl"), new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc));

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle, options: new PackOptions { Time = clock })).Message.ShouldContain("nothing tells whether it is still being recorded");
        clock.Advance(TimeSpan.FromSeconds(1));

        File.Exists(BundlePacker.Pack(bundle, options: new PackOptions { Time = clock }).Path).ShouldBeTrue();
    }

    [Fact]
    public void Pack_OfARolloutWhoseRecorderIsGone_IsDone()
    {
        var bundle = directory.Bundle(log: "", writerLock: Guid.NewGuid().ToString());

        BundlePacker.Pack(bundle).Files.ShouldBe(2);
    }

    [Theory]
    [InlineData("link.json")]
    [InlineData("payloads/2.json")]
    [InlineData("trace.jsonl")]
    public void Links_AreRefused_AndNotFollowed(string name)
    {
        var bundle = directory.Bundle(payloads: ["{}"]);
        File.WriteAllText(directory.Place("secret"), PackingDirectory.End + "\n");
        File.Delete(Path.Join(bundle, name));
        File.CreateSymbolicLink(Path.Join(bundle, name), directory.Place("secret"));

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle, options: PackingDirectory.LongAfter with { Delete = true })).Message.ShouldStartWith($"{(name == "trace.jsonl" ? bundle : Path.Join(bundle, name))}: ");

        File.Exists(directory.Place("secret")).ShouldBeTrue();
        File.Exists(BundlePacker.PlaceBeside(bundle)).ShouldBeFalse();
        File.Exists(Path.Join(bundle, "manifest.json")).ShouldBeTrue();
    }

    [Fact]
    public void ADirectoryThatIsALink_IsRefused()
    {
        var bundle = directory.Bundle();
        Directory.CreateSymbolicLink(directory.Place("link"), bundle);
        Directory.CreateSymbolicLink(Path.Join(bundle, "inside"), directory.Path);

        Should.Throw<BundleException>(() => BundlePacker.Pack(directory.Place("link"))).Message.ShouldContain("is a link");
        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle)).Message.ShouldStartWith($"{bundle}/inside: is a link");
    }

    [Fact]
    public void APipe_IsRefused()
    {
        var bundle = directory.Bundle();
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Join(bundle, "pipe")]))
        {
            mkfifo.WaitForExit();
        }

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle)).Message.ShouldStartWith($"{bundle}/pipe: it is a pipe");
    }

    [Fact]
    public void Pack_NeverWritesOverWhatIsThere()
    {
        var bundle = directory.Bundle();
        File.WriteAllText(BundlePacker.PlaceBeside(bundle), "something of the user's");

        Should.Throw<IOException>(() => BundlePacker.Pack(bundle, options: new PackOptions { Delete = true })).Message.ShouldStartWith($"{BundlePacker.PlaceBeside(bundle)}: is there already, and is no packed rollout of this bundle");

        File.ReadAllText(BundlePacker.PlaceBeside(bundle)).ShouldBe("something of the user's");
        File.Exists(Path.Join(bundle, "manifest.json")).ShouldBeTrue();
    }

    [Fact]
    public void Unpack_NeverWritesOverWhatIsThere()
    {
        var bundle = directory.Bundle();
        var packed = BundlePacker.Pack(bundle).Path;
        File.WriteAllText(Path.Join(bundle, "mine"), "kept");

        Should.Throw<IOException>(() => BundleUnpacker.Unpack(packed)).Message.ShouldBe($"{bundle}: is there already");

        File.ReadAllText(Path.Join(bundle, "mine")).ShouldBe("kept");
    }

    [Fact]
    public void Pack_Again_LeavesWhatIsPacked()
    {
        var bundle = directory.Bundle(payloads: ["{}"]);
        var first = BundlePacker.Pack(bundle);
        var before = File.ReadAllBytes(first.Path);

        BundlePacker.Pack(bundle).ShouldBe(first with { WasPacked = true });
        BundlePacker.Pack(bundle, options: new PackOptions { Delete = true }).ShouldBe(first with { WasPacked = true, Deleted = true });

        File.ReadAllBytes(first.Path).ShouldBe(before);
        Directory.Exists(bundle).ShouldBeFalse();
    }

    [Theory]
    [InlineData("payloads/1.json", "{\"changed\":1}")]
    [InlineData("payloads/3.json", "{}")]
    [InlineData("trace.jsonl", "")]
    [InlineData("notes.txt", "kept")]
    public void ABundleWithMoreThanItsPackedFile_IsNeverDeleted(string name, string text)
    {
        var bundle = directory.Bundle(payloads: ["{}", "{}"]);
        BundlePacker.Pack(bundle);
        File.WriteAllText(Path.Join(bundle, name), text);
        var before = PackingDirectory.Everything(directory.Path);

        Should.Throw<IOException>(() => BundlePacker.Pack(bundle, options: new PackOptions { Delete = true })).Message.ShouldContain($"without {name} as it is in");

        PackingDirectory.Everything(directory.Path).ShouldBe(before);
    }

    [Fact]
    public void WhatADeletionLeft_IsFinishedOff_WhateverIsLeft()
    {
        var names = new[] { "manifest.json", "trace.jsonl", "payloads/1.json", "payloads/2.json" };
        for (var gone = 1; gone <= names.Length; gone++)
        {
            var bundle = directory.Bundle(payloads: ["{}", "[]"]);
            var packed = BundlePacker.Pack(bundle).Path;
            var before = File.ReadAllBytes(packed);
            foreach (var name in names.Take(gone))
            {
                File.Delete(Path.Join(bundle, name));
            }

            BundlePacker.IsLeft(bundle).ShouldBeTrue();
            BundlePacker.Pack(bundle).Deleted.ShouldBeTrue();

            Directory.Exists(bundle).ShouldBeFalse();
            File.ReadAllBytes(packed).ShouldBe(before);
            File.Delete(packed);
        }
    }

    [Fact]
    public void ABundleThatLacksSomething_IsNotPackedAgain_AndDeletedIfThatIsSaid()
    {
        var bundle = directory.Bundle(payloads: ["{}", "[]"]);
        var packed = BundlePacker.Pack(bundle).Path;
        File.Delete(Path.Join(bundle, "payloads/2.json"));

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle)).Message.ShouldBe($"{bundle}: lacks 1 files that {packed} has; it is not packed again");
        BundlePacker.Pack(bundle, options: new PackOptions { Delete = true }).Deleted.ShouldBeTrue();

        Directory.Exists(bundle).ShouldBeFalse();
        PackingDirectory.Everything(BundleUnpacker.Unpack(packed).Directory).ShouldContain("payloads/2.json");
    }

    [Fact]
    public void ACache_AndWhatAKilledListLeftOfOne_IsNotPacked_AndGoesWithTheBundle()
    {
        var bundle = directory.Bundle(payloads: ["{}"]);
        var before = PackingDirectory.Everything(bundle);
        File.WriteAllText(Path.Join(bundle, ".overview.json"), "{}");
        File.WriteAllText(Path.Join(bundle, ".overview.json.4711-12.tmp"), "{");

        var packed = BundlePacker.Pack(bundle, options: PackingDirectory.LongAfter with { Delete = true }).Path;

        Directory.Exists(bundle).ShouldBeFalse();
        PackingDirectory.Everything(BundleUnpacker.Unpack(packed).Directory).ShouldBe(before);
    }

    [Fact]
    public void WhatAKilledPackLeft_IsDeletedByTheNext()
    {
        var bundle = directory.Bundle();
        File.WriteAllText(directory.Place(".bundle.rollout.tar.zst.0123.tmp"), "half");

        BundlePacker.Pack(bundle);

        Directory.GetFiles(directory.Path).Select(Path.GetFileName).ShouldBe(["bundle.rollout.tar.zst"]);
    }

    [Fact]
    public void WhatAnotherIsJustWriting_IsLeft()
    {
        var bundle = directory.Bundle();
        using var other = new FileStream(directory.Place(".bundle.rollout.tar.zst.0123.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.Read);

        BundlePacker.Pack(bundle);

        File.Exists(other.Name).ShouldBeTrue();
    }

    [Fact]
    public void ABundleWithAnotherLayout_IsRefused()
    {
        var bundle = directory.Bundle();
        File.WriteAllText(Path.Join(bundle, "manifest.json"), File.ReadAllText(Path.Join(bundle, "manifest.json")).Replace("trace.jsonl", "log.jsonl", StringComparison.Ordinal));

        Should.Throw<BundleException>(() => BundlePacker.Pack(bundle)).Message.ShouldContain("another layout");
    }

    [Theory]
    [InlineData(0, 25)]
    [InlineData(4 << 20, 25)]
    [InlineData((4 << 20) + 1, 26)]
    [InlineData(1 << 30, 27)]
    public void TheWindow_GrowsWithTheLongestPayload(long longest, int log) => PackedFile.WindowLog(longest).ShouldBe(log);

    public void Dispose() => directory.Dispose();
}
