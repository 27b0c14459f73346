using System.Formats.Tar;
using System.Globalization;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class TarIndexTests
{
    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void EachMember_IsWhereAndWhatTheLibraryFindsIt(TarEntryFormat format)
    {
        var random = new Random((int)format);
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, format, leaveOpen: true))
        {
            for (var i = 0; i < 200; i++)
            {
                // As long as the format takes them, and with letters of several bytes.
                var name = format switch
                {
                    TarEntryFormat.V7 => new string('v', random.Next(1, 90)),
                    TarEntryFormat.Ustar => $"{new string('p', random.Next(1, 150))}/{new string('u', random.Next(1, 90))}",
                    _ => $"{new string('ü', random.Next(1, 300))}/{new string('東', random.Next(1, 300))}",
                };
                TarEntryType type = random.Next(4) switch
                {
                    0 => TarEntryType.Directory,
                    1 => TarEntryType.SymbolicLink,
                    _ => format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile,
                };
                var entry = Entry(format, type, name);
                if (type is TarEntryType.SymbolicLink)
                {
                    entry.LinkName = format is TarEntryFormat.V7 or TarEntryFormat.Ustar ? "x" : new string('l', random.Next(1, 300));
                }
                else if (type != TarEntryType.Directory)
                {
                    entry.DataStream = new MemoryStream(new byte[random.Next(3) * random.Next(2_000)]);
                }

                writer.WriteEntry(entry);
            }
        }

        var found = new List<(string, char, long, long)>();
        var index = new TarIndex(tar);
        while (index.MoveNext())
        {
            index.IsCut.ShouldBeFalse();
            found.Add((index.Name, index.Type, index.Length, index.Length == 0 ? 0 : index.Place));
        }

        var expected = new List<(string, char, long, long)>();
        tar.Position = 0;
        using var reader = new TarReader(tar);
        while (reader.GetNextEntry() is { } entry)
        {
            var type = entry.EntryType switch { TarEntryType.Directory => '5', TarEntryType.SymbolicLink => '2', _ => '0' };
            expected.Add((entry.Name, type, entry.Length, entry.Length == 0 ? 0 : entry.DataOffset));
        }

        expected.Count.ShouldBe(200);
        found.Zip(expected).FirstOrDefault(static pair => pair.First != pair.Second).ShouldBe(default);
        found.Count.ShouldBe(200);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    public void ANameThatIsSaidToBeLong_IsNotTakenIntoMemory(char type)
    {
        using var tar = new MemoryStream([.. Header("n", type, Octal(1 << 30)), .. new byte[1 << 20]]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<InvalidDataException>(() => new TarIndex(tar).MoveNext()).Message.ShouldBe("the name of a member has 1073741824 bytes");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void LengthsThatNoFileHas_AreRefused_AndThoseBeyondTheEndAreCut()
    {
        foreach (var length in (byte[][])[[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfb], [0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "zzzzzzzzzzz\0"u8.ToArray()])
        {
            Should.Throw<InvalidDataException>(() => new TarIndex(new MemoryStream(Header("n", '0', length))).MoveNext()).Message.ShouldStartWith("a tar header has");
        }

        var index = new TarIndex(new MemoryStream([.. Header("n", '0', [0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), .. new byte[512]]));
        index.MoveNext().ShouldBeTrue();
        (index.Length, index.IsCut).ShouldBe((long.MaxValue, true));
        index.MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void WhatIsStoredWithoutItsHoles_SaysSo()
    {
        const string Records = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n27 GNU.sparse.name=real.so\n";
        var index = new TarIndex(new MemoryStream([.. Header("PaxHeader", 'x', Octal(Records.Length)), .. Padded(Records), .. Header("GNUSparseFile.0/n", '0', Octal(0)), .. Header("old", 'S', Octal(0)), .. Header("plain", '0', Octal(0))]));

        var found = new List<(string, bool)>();
        while (index.MoveNext())
        {
            found.Add((index.Name, index.HasHoles));
        }

        found.ShouldBe([("real.so", true), ("old", true), ("plain", false)]);
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Gnu => new GnuTarEntry(type, name),
        _ => new PaxTarEntry(type, name),
    };

    private static byte[] Octal(long length) => Encoding.ASCII.GetBytes(Convert.ToString(length, 8).PadLeft(11, '0') + "\0");

    private static byte[] Padded(string text) => [.. Encoding.ASCII.GetBytes(text), .. new byte[-text.Length & 511]];

    private static byte[] Header(string name, char type, byte[] length)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        length.CopyTo(header, 124);
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToString(header.Sum(static b => b), 8).PadLeft(6, '0')}\0")).CopyTo(header, 148);
        return header;
    }
}
