using System.Buffers.Binary;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Packing.Tests;

public sealed class HostileFileTests : IDisposable
{
    private const string Manifest = """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1770000000000,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""";

    private readonly PackingDirectory directory = new();

    [Theory]
    [InlineData("b/payloads/1.json", '2', "the member 'b/payloads/1.json' is a link or a device, not a file")]
    [InlineData("b/payloads/1.json", '1', "the member 'b/payloads/1.json' is a link or a device, not a file")]
    [InlineData("b/payloads/1.json", '3', "the member 'b/payloads/1.json' is a link or a device, not a file")]
    [InlineData("b/payloads/1.json", 'g', "the member 'b/payloads/1.json' is a link or a device, not a file")]
    [InlineData("b/../../x", '0', "the member 'b/../../x' lies outside of the bundle's directory")]
    [InlineData("../x", '0', "the member '../x' lies outside of the bundle's directory")]
    [InlineData("/etc/x", '0', "the member '/etc/x' lies outside of the bundle's directory")]
    [InlineData("c/x", '0', "the member 'c/x' lies outside of the bundle's directory, b")]
    [InlineData("b/a//x", '0', "the member 'b/a//x' lies outside of the bundle's directory")]
    [InlineData("b/a\\x", '0', "the member 'b/a\\x' lies outside of the bundle's directory")]
    [InlineData("b/trace.jsonl", '0', "the member 'trace.jsonl' is there twice")]
    [InlineData("b/manifest.json", '0', "the member 'manifest.json' is not in its place")]
    [InlineData("b/payloads/", '0', "the member 'b/payloads/' is a directory with content, or a file with a directory's name")]
    public void AMemberThatMayNotBe_IsNamed_AndWhatIsBeforeItIsRead(string name, char type, string why)
    {
        var path = Write(tar =>
        {
            Member(tar, "b/manifest.json", Manifest);
            Member(tar, "b/trace.jsonl", PackingDirectory.End + "\n");
            Member(tar, name, "{}", type);
        });

        using var packed = PackedBundle.Open(path);
        var reduced = RolloutReducer.Reduce(BundleReader.Open(packed));

        reduced.Graph.Status.ShouldBe(RolloutStatus.Completed);
        var diagnostic = reduced.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Code.ShouldBe(DiagnosticCodes.BundleDamaged);
        diagnostic.Message.ShouldBe($"{path}: cannot be read behind 'trace.jsonl': {why}");
        Should.Throw<ReductionException>(() => RolloutReducer.Reduce(BundleReader.Open(packed), new ReductionOptions { Strict = true })).Message.ShouldContain(why);
        Should.Throw<BundleException>(() => packed.Read("payloads/1.json", 100)).Message.ShouldContain(why);
        BundleUnpacker.Unpack(path, directory.Place("out")).Damage.ShouldBe(diagnostic.Message);
        Directory.GetFileSystemEntries(directory.Path, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(directory.Path, entry)).ShouldBe(["hostile", "out", "out/manifest.json", "out/trace.jsonl"], ignoreOrder: true);
    }

    [Fact]
    public void APayloadThatStandsTwice_OrOutOfOrder_IsNamed()
    {
        foreach (var (second, why) in new[] { ("b/payloads/2.json", "'payloads/2.json' is there twice"), ("b/payloads/1.json", "'payloads/1.json' is not in its place") })
        {
            var path = Write(tar =>
            {
                Member(tar, "b/manifest.json", Manifest);
                Member(tar, "b/payloads/2.json", "{}");
                Member(tar, second, "[]");
            });

            using var packed = PackedBundle.Open(path);
            packed.FindDamage()!.ShouldContain(why);
            packed.GetLength("payloads/2.json").ShouldBe(2);
        }
    }

    [Fact]
    public void ASizeThatIsNotTrue_TakesNoMemory()
    {
        var path = Write(tar =>
        {
            Member(tar, "b/manifest.json", Manifest);
            tar.Write(TarHeader.Of(new TarEntry("b/payloads/1.json", 1 << 30), 0));
            tar.Write("{}"u8);
        });
        using var packed = PackedBundle.Open(path);
        packed.GetLength("payloads/1.json").ShouldBe(1 << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<BundleException>(() => packed.Read("payloads/1.json", int.MaxValue)).Message.ShouldContain("in 'payloads/1.json': it ends in the middle of a member");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    // Asked for again and again it is unpacked into a file, where everything has another place.
    [Fact]
    public void WhatIsCutInItsMiddle_IsNothingElse_HoweverOftenWhatIsBeforeItIsRead()
    {
        var path = Write(tar =>
        {
            Member(tar, "b/manifest.json", Manifest);
            Member(tar, "b/payloads/1.json", new string('1', 10 << 20));
            tar.Write(TarHeader.Of(new TarEntry("b/payloads/2.json", 10 << 20), 0));
            tar.Write("2222"u8);
        });
        using var packed = PackedBundle.Open(path);
        for (var i = 0; i < 20; i++)
        {
            packed.Read("payloads/1.json", int.MaxValue).Dispose();
            Should.Throw<BundleException>(() => packed.Read("payloads/2.json", int.MaxValue)).Message.ShouldContain("it ends in the middle of a member");
        }
    }

    [Fact]
    public void NamesThatWouldFillTheMemory_AreTooMany()
    {
        var path = Write(tar =>
        {
            Member(tar, "b/manifest.json", Manifest);
            for (var i = 0; i < 17_000; i++)
            {
                tar.Write(TarHeader.Of(new TarEntry($"b/x/{i:d5}{new string('x', 4_000)}", 0), 0));
            }
        });
        new FileInfo(path).Length.ShouldBeLessThan(1 << 20);
        using var packed = PackedBundle.Open(path);

        packed.FindDamage()!.ShouldContain("the names of its members have more than 67108864 letters");
    }

    [Fact]
    public void ABomb_IsFoundByWhatItDeclares_BeforeItIsRead()
    {
        var frame = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, ZstdFrameHeader.Magic);
        (frame[4], frame[5]) = (0b1100_0000, (27 - 10) << 3);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(6), 1L << 40);
        File.WriteAllBytes(directory.Place("hostile"), frame);

        Should.Throw<BundleException>(() => PackedBundle.Open(directory.Place("hostile"))).Message.ShouldContain("it unpacks to more than 268435456 bytes, which is more than anybody packs");
    }

    [Fact]
    public void ABombThatDeclaresNothing_IsReadUpToTheLimit()
    {
        var zeros = new byte[1 << 20];
        var path = Write(tar =>
        {
            Member(tar, "b/manifest.json", Manifest);
            tar.Write(TarHeader.Of(new TarEntry("b/payloads/1.json", 400L << 20), 0));
            for (var i = 0; i < 400; i++)
            {
                tar.Write(zeros);
            }
        });
        new FileInfo(path).Length.ShouldBeLessThan(50_000);
        using var packed = PackedBundle.Open(path);

        packed.FindDamage()!.ShouldContain("behind 'payloads/1.json': it unpacks to more than 268435456 bytes");
    }

    [Fact]
    public void AWindowThatIsTooLarge_IsRefused()
    {
        var frame = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, ZstdFrameHeader.Magic);
        (frame[4], frame[5]) = (0, ((27 - 10) << 3) + 1);
        File.WriteAllBytes(directory.Place("hostile"), frame);

        Should.Throw<BundleException>(() => PackedBundle.Open(directory.Place("hostile"))).Message.ShouldContain("it refers back over 150994944 bytes, more than the 134217728 that a packed rollout may");
    }

    [Theory]
    [InlineData("")]
    [InlineData("28B52FFD")]
    [InlineData("28B52FFD04580000000000000000")]
    [InlineData("28B52FFDFF580000000000000000")]
    [InlineData("504B0304")]
    public void WhatIsNoPackedRollout_IsRefused(string hex)
    {
        File.WriteAllBytes(directory.Place("hostile"), Convert.FromHexString(hex));

        Should.Throw<BundleException>(() => PackedBundle.Open(directory.Place("hostile"))).Message.ShouldStartWith($"{directory.Place("hostile")}: ");
    }

    [Fact]
    public void WhatFollowsBehindTheEnd_IsDamage_UnlessReadersPassOverIt()
    {
        var path = BundlePacker.Pack(directory.Bundle(payloads: ["{}"])).Path;
        var sound = File.ReadAllBytes(path);
        foreach (var (behind, isDamage) in new[] { (sound, true), ("x"u8.ToArray(), true), (Convert.FromHexString("502A4D1803000000AABBCC"), false), (Convert.FromHexString("502A4D1803000000AABB"), true), (Convert.FromHexString("502A4D1803000000AABBCC00"), true) })
        {
            File.WriteAllBytes(path, [.. sound, .. behind]);
            using var packed = PackedBundle.Open(path);

            packed.FindDamage().ShouldBe(isDamage ? $"{path}: cannot be read behind 'payloads/1.json': something else follows behind its {(behind == sound ? "last member" : "end")}" : null);
            packed.Exists("payloads/1.json").ShouldBeTrue();
        }
    }

    // As pzstd writes them, which has one before each of its frames.
    [Fact]
    public void FramesThatReadersPassOver_BeforeAndBetweenTheOthers_ChangeNothing()
    {
        var bundle = ConformanceCase.Named("cell-source-item-order").Bundle;
        var path = BundlePacker.Pack(bundle, directory.Place("passed"), PackingDirectory.LongAfter).Path;
        var sound = File.ReadAllBytes(path);
        var (first, second) = Halves(sound);
        var before = Damaged(path)!;
        foreach (var passed in (byte[][])[Passed(0), Passed(3), Passed(100_000), [.. Passed(4), .. Passed(70_000), .. Passed(0)]])
        {
            foreach (var bytes in (byte[][])[[.. passed, .. sound], [.. first, .. passed, .. second], [.. passed, .. first, .. passed, .. second, .. passed, .. Passed(9)]])
            {
                File.WriteAllBytes(path, bytes);

                PackedBundle.IsPacked(path).ShouldBeTrue();
                var read = Damaged(path).ShouldNotBeNull();
                read.Damage.ShouldBeNull();
                read.Log.ShouldBe(before.Log);
                read.Payloads.ShouldBe(before.Payloads);
                using var packed = PackedBundle.Open(path);
                packed.IsCut().ShouldBeFalse();
            }

            // Nothing but such frames, or one that is cut.
            File.WriteAllBytes(path, passed);
            Should.Throw<BundleException>(() => PackedBundle.Open(path)).Message.ShouldContain("it does not begin as zstd does");
        }

        static byte[] Passed(int bytes) => [.. Convert.FromHexString("502A4D18"), .. BitConverter.GetBytes(bytes), .. new byte[bytes]];
    }

    [Fact]
    public void CutOffAnywhere_ItIsReadToThere()
    {
        var bundle = ConformanceCase.Named("cell-source-item-order").Bundle;
        var path = BundlePacker.Pack(bundle, directory.Place("cut"), PackingDirectory.LongAfter).Path;
        var whole = File.ReadAllBytes(path);
        var log = File.ReadAllText(Path.Join(bundle, "trace.jsonl"));
        for (var length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(path, whole[..length]);
            if (Damaged(path) is not { } read)
            {
                continue;
            }

            log.ShouldStartWith(read.Log);
            read.Damage!.ShouldContain("it is cut off", customMessage: $"cut at {length}");
            read.Payloads.ShouldAllBe(payload => File.ReadAllText(Path.Join(bundle, payload.Name)) == payload.Text);
        }
    }

    [Fact]
    public void CutOffAnywhere_ItsLengthsSaySo()
    {
        var packed = File.ReadAllBytes(BundlePacker.Pack(ConformanceCase.Named("cell-source-item-order").Bundle, directory.Place("packed"), PackingDirectory.LongAfter).Path);
        using var output = new MemoryStream();
        using (var history = new HistoryFrame(output, windowLog: 20))
        {
            var text = new byte[300_000];
            new Random(7).NextBytes(text);
            history.Write(text);
            history.WriteAgain(text, 0);
            history.End();
        }

        var path = directory.Place("cut");
        byte[] whole = [.. packed, .. output.ToArray(), .. PackedSummary.Frame("summary"u8, packed.AsSpan(packed.Length - 4))];
        File.WriteAllBytes(path, whole);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        FrameLengths.IsCut(file.SafeFileHandle).ShouldBeFalse();
        List<long> notCut = [];
        foreach (var length in Enumerable.Range(1, whole.Length - 1).Where(length => length < packed.Length + 400 || length > whole.Length - 400 || length % 997 == 0).Reverse())
        {
            file.SetLength(length);
            if (!FrameLengths.IsCut(file.SafeFileHandle))
            {
                notCut.Add(length);
            }
        }

        // Between two frames there is nothing to say so.
        notCut.ShouldBe([packed.Length + output.Length, packed.Length]);
    }

    [Fact]
    public void AFlippedBit_IsAlwaysFound()
    {
        var bundle = ConformanceCase.Named("cell-source-item-order").Bundle;
        var path = BundlePacker.Pack(bundle, directory.Place("flipped"), PackingDirectory.LongAfter).Path;
        var sound = File.ReadAllBytes(path);
        var before = Damaged(path);
        before!.Damage.ShouldBeNull();
        for (var bit = 0; bit < sound.Length * 8; bit += 7)
        {
            var bytes = sound.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, bytes);
            if (Damaged(path) is { Damage: null } read)
            {
                read.Log.ShouldBe(before.Log, $"bit {bit}");
                read.Payloads.ShouldBe(before.Payloads, $"bit {bit}");
            }
        }
    }

    public void Dispose() => directory.Dispose();

    private sealed record Read(string Log, IReadOnlyList<(string Name, string Text)> Payloads, string? Damage);

    // The same content, in two frames.
    private static (byte[] First, byte[] Second) Halves(byte[] packed)
    {
        using var content = new MemoryStream();
        using (var decoder = new ZstdSharp.DecompressionStream(new MemoryStream(packed)))
        {
            decoder.CopyTo(content);
        }

        var bytes = content.ToArray();
        return (Frame(bytes[..(bytes.Length / 2)]), Frame(bytes[(bytes.Length / 2)..]));

        static byte[] Frame(byte[] bytes)
        {
            using var compressor = new ZstdSharp.Compressor();
            return compressor.Wrap(bytes).ToArray();
        }
    }

    // All that a damaged file still gives; null if it cannot be opened at all.
    private static Read? Damaged(string path)
    {
        try
        {
            using var packed = PackedBundle.Open(path);
            using var log = new StreamReader(packed.OpenRead("trace.jsonl"));
            var payloads = new List<(string Name, string Text)>();
            for (var i = 1; i <= 5; i++)
            {
                try
                {
                    using var payload = packed.Read($"payloads/{i}.json", 1 << 20);
                    payloads.Add(($"payloads/{i}.json", System.Text.Encoding.UTF8.GetString(payload.Span)));
                }
                catch (BundleException)
                {
                    // Behind the damage.
                }
            }

            return new Read(log.ReadToEnd(), payloads, packed.FindDamage());
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private string Write(Action<ZstdWriter> write)
    {
        var path = directory.Place("hostile");
        using var file = File.Create(path);
        using var tar = new ZstdWriter(file, level: 1, windowLog: 20, length: null);
        write(tar);
        tar.Write(new byte[2 * TarEntry.BlockBytes]);
        tar.End();
        return path;
    }

    private static void Member(ZstdWriter tar, string name, string text, char type = '0')
    {
        var length = type is '0' or 'g' ? text.Length : 0;
        var header = TarHeader.Of(new TarEntry(name == "b/payloads/" ? "b/payloads.." : name, length), 0);
        System.Text.Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        header[name.Length] = 0;
        header[156] = (byte)type;
        System.Text.Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
        var sum = header.Sum(static b => (long)b);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        tar.Write(header);
        if (length > 0)
        {
            tar.Write(System.Text.Encoding.UTF8.GetBytes(text));
            tar.Write(new byte[TarEntry.Padding(length)]);
        }
    }
}
