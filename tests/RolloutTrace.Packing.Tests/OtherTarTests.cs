using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing.Tests;

/// <summary>What people make of a bundle with <c>tar --zstd -cf</c>.</summary>
public sealed class OtherTarTests : IDisposable
{
    private static readonly TarEntryFormat[] Formats = [TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu];

    private readonly PackingDirectory directory = new();
    private int made;

    [Fact]
    public void WhateverFormat_Prefix_AndOrder_ItIsTheBundle()
    {
        var bundle = directory.Bundle("b", payloads: ["[1]", "[2]", "[3]"]);
        foreach (var format in Formats)
        {
            foreach (var prefix in new[] { "b/", "./b/", "./", "" })
            {
                // The log comes last in one of the orders, and the manifest in the other.
                foreach (var isBackwards in new[] { false, true })
                {
                    var path = Tar(format, (prefix, bundle), isBackwards);
                    using var packed = PackedBundle.Open(path);
                    var what = $"{format} {prefix} {isBackwards}";

                    packed.Name.ShouldBe(prefix.Contains('b', StringComparison.Ordinal) ? "b" : Path.GetFileName(path), what);
                    packed.FindDamage().ShouldBeNull(what);
                    packed.DisplayNameOf("payloads/1.json").ShouldBe($"{path}/payloads/1.json", what);
                    packed.List("payloads").Select(static file => file.Name).ShouldBe(["payloads/1.json", "payloads/2.json", "payloads/3.json"], ignoreOrder: true, what);
                    foreach (var file in new[] { "manifest.json", "payloads/3.json", "trace.jsonl", "payloads/1.json" })
                    {
                        using var read = packed.Read(file, 1 << 20);
                        read.Span.SequenceEqual(File.ReadAllBytes(Path.Join(bundle, file))).ShouldBeTrue($"{what} {file}");
                    }
                }
            }
        }
    }

    [Fact]
    public void CutOffOrDamagedAnywhere_ItHasWhatIsBefore_AndSaysSo()
    {
        var random = new Random(5);
        var payloads = Enumerable.Range(0, 4).Select(_ => $"\"{Convert.ToBase64String(Bytes(random, 9_000))}\"").ToArray();
        var bundle = directory.Bundle("b", payloads: payloads);
        var whole = File.ReadAllBytes(Tar(TarEntryFormat.Gnu, ("b/", bundle), isBackwards: false));
        var path = directory.Place("damaged");
        for (var i = 1; i < 50; i++)
        {
            var at = whole.Length * i / 50;
            File.WriteAllBytes(path, whole[..at]);
            Look(isCut: true);
            var flipped = whole.ToArray();
            flipped[at] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, flipped);
            Look(isCut: false);
        }

        // Of what the damage has left nothing is passed off as a payload unless it is one, or the damage is said.
        void Look(bool isCut)
        {
            try
            {
                using var packed = PackedBundle.Open(path);
                packed.FindDamage().ShouldNotBeNull().ShouldStartWith($"{path}: ");
                for (var n = 1; n <= payloads.Length && isCut; n++)
                {
                    if (packed.Exists($"payloads/{n}.json"))
                    {
                        using var read = packed.Read($"payloads/{n}.json", 1 << 20);
                        payloads[n - 1].ShouldStartWith(System.Text.Encoding.UTF8.GetString(read.Span));
                    }
                }
            }
            catch (BundleException e)
            {
                e.Message.ShouldStartWith($"{path}");
            }
        }
    }

    [Fact]
    public void SeveralBundles_OrNone_AreSaid()
    {
        var one = directory.Bundle("a");
        var other = directory.Bundle("b");

        Should.Throw<BundleException>(() => PackedBundle.Open(Tar(TarEntryFormat.Pax, [("a/", one), ("b/", other)], isBackwards: false))).Message.ShouldContain("has 2 bundles in it");
        File.Delete(Path.Join(one, "manifest.json"));
        Should.Throw<BundleException>(() => PackedBundle.Open(Tar(TarEntryFormat.Pax, ("a/", one), isBackwards: false))).Message.ShouldContain("there is no manifest.json in it");
    }

    [Fact]
    public void Links_AreNotFollowed_AndWhatStandsTwiceIsNotRead()
    {
        var bundle = directory.Bundle("b", payloads: ["[1]"]);
        var path = Tar(TarEntryFormat.Pax, [("b/", bundle), ("b/", bundle)], isBackwards: false, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "b/payloads/2.json") { LinkName = "/etc/hostname" }));

        using (var twice = PackedBundle.Open(path))
        {
            Should.Throw<BundleException>(() => twice.Read("payloads/1.json", 100)).Message.ShouldBe($"{path}/payloads/1.json: stands in the archive more than once");
        }

        path = Tar(TarEntryFormat.Pax, [("b/", bundle)], isBackwards: false, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "b/payloads/2.json") { LinkName = "/etc/hostname" }));
        using var packed = PackedBundle.Open(path);
        Should.Throw<BundleException>(() => packed.Read("payloads/2.json", 100)).Message.ShouldBe($"{path}/payloads/2.json: is a link or a device in the archive, not a file");
        packed.FindDamage().ShouldBe($"{path}: 'b/payloads/2.json' is a link or a device in the archive, not a file");
    }

    [Fact]
    public void WhatLiesOutsideOfIt_IsSaid_AndWhatLiesBesideTheBundleIsNoDamage()
    {
        var bundle = directory.Bundle("b", payloads: ["[1]"]);
        using (var beside = PackedBundle.Open(Tar(TarEntryFormat.Pax, [("b/", bundle)], isBackwards: false, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "latest") { LinkName = "b" }))))
        {
            beside.FindDamage().ShouldBeNull();
        }

        var path = Tar(TarEntryFormat.Pax, [("b/", bundle)], isBackwards: false, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "b/../../x")));
        using var packed = PackedBundle.Open(path);
        packed.FindDamage().ShouldBe($"{path}: the name 'b/../../x' leads out of the archive, and is not read");
    }

    [Fact]
    public void AMemberThatIsSaidToBeLongerThanAnyFile_CostsItself()
    {
        var bundle = directory.Bundle("b", payloads: ["[1]"]);
        var path = Tar(TarEntryFormat.Pax, [("b/", bundle)], isBackwards: false, last: SaidToBe("b/payloads/2.json", 1L << 60));
        using var packed = PackedBundle.Open(path);

        BundleReader.Open(packed).ReadEvents().ShouldHaveSingleItem();
        using var first = packed.Read("payloads/1.json", 100);
        Encoding.UTF8.GetString(first.Span).ShouldBe("[1]");
        packed.FindDamage().ShouldBe($"{path}: it is cut off in 'b/payloads/2.json'");
    }

    [Fact]
    public void WhatFollowsBehindItsEnd_IsSaid()
    {
        var sound = File.ReadAllBytes(Tar(TarEntryFormat.Gnu, ("a/", directory.Bundle("a")), isBackwards: false));
        var other = File.ReadAllBytes(Tar(TarEntryFormat.Gnu, ("b/", directory.Bundle("b")), isBackwards: false));
        var path = directory.Place("followed");
        foreach (var (behind, damage) in new (byte[], string?)[]
        {
            ([], null),
            (Convert.FromHexString("502A4D1803000000AABBCC"), null),
            (other, "something else follows behind its end, and is not read"),
            ("x"u8.ToArray(), "cannot be read to its end: something else follows behind its end"),
            (Convert.FromHexString("502A4D1803000000AABB"), "cannot be read to its end: something else follows behind its end"),
        })
        {
            File.WriteAllBytes(path, [.. sound, .. behind]);
            using var packed = PackedBundle.Open(path);

            packed.Name.ShouldBe("a");
            packed.FindDamage().ShouldBe(damage is null ? null : $"{path}: {damage}");
        }
    }

    [Fact]
    public void Unpack_SaysWhoCan()
    {
        var path = Tar(TarEntryFormat.Gnu, ("b/", directory.Bundle("b")), isBackwards: false);

        Should.Throw<BundleException>(() => BundleUnpacker.Unpack(path, directory.Place("out"))).Message.ShouldContain("another program made this tar file, and 'tar --zstd -xf' unpacks it");
        Path.Exists(directory.Place("out")).ShouldBeFalse();
    }

    public void Dispose() => directory.Dispose();

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] SaidToBe(string name, long length)
    {
        const int LengthAt = 124;
        const int SumAt = 148;
        var header = TarHeader.Of(new TarEntry(name, 0), 1770000000);
        header[LengthAt] = 0x80;
        header.AsSpan(LengthAt + 1, 3).Clear();
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(LengthAt + 4), length);
        header.AsSpan(SumAt, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(static b => b), 8).PadLeft(6, '0') + "\0").CopyTo(header, SumAt);
        return header;
    }

    private string Tar(TarEntryFormat format, (string Prefix, string Bundle) bundle, bool isBackwards) => Tar(format, [bundle], isBackwards);

    private string Tar(TarEntryFormat format, (string Prefix, string Bundle)[] bundles, bool isBackwards, Action<TarWriter>? more = null, byte[]? last = null)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, format, leaveOpen: true))
        {
            foreach (var (prefix, bundle) in bundles)
            {
                var names = Directory.EnumerateFileSystemEntries(bundle, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
                if (isBackwards)
                {
                    names.Reverse();
                }

                names.ForEach(name => writer.WriteEntry(name, prefix + Path.GetRelativePath(bundle, name)));
            }

            more?.Invoke(writer);
        }

        if (last is not null)
        {
            // In the place of the end.
            tar.SetLength(tar.Length - PackedFile.End.Length);
            tar.Position = tar.Length;
            tar.Write(last);
        }

        var path = directory.Place($"other{++made}");
        using var file = File.Create(path);
        using var zstd = new ZstdWriter(file, level: 1, windowLog: 20, length: null);
        zstd.Write(tar.ToArray());
        zstd.End();
        return path;
    }
}
