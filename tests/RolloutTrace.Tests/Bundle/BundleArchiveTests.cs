using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

/// <summary>Archives come from strangers: nothing in one is given for what it is not, and none costs more than it may.</summary>
public sealed class BundleArchiveTests : IDisposable
{
    private const string Manifest =
        """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-");

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    public void What_is_asked_for_is_given_by_whatever_name_the_archive_has_it(string file)
    {
        using var archive = Open(file, ("./b/manifest.json", Manifest), ("b//trace.jsonl", "log"), ("b/payloads/./1.json", "one"), ("b/payloads/2.json", "two and more"));

        archive.Bundles.ShouldBe(["b"]);
        var files = archive.FilesOf("b");
        files.Name.ShouldBe("b");
        files.DisplayName.ShouldBe(Place(file));
        files.DisplayNameOf("x").ShouldBe($"{Place(file)}/x");
        Text(files, "trace.jsonl").ShouldBe("log");
        Text(files, "payloads/1.json").ShouldBe("one");
        files.List("payloads").OrderBy(found => found.Name, StringComparer.Ordinal).ShouldBe([new BundleFile("payloads/1.json", 3), new BundleFile("payloads/2.json", 12)]);
        files.GetTotalLength("payloads").ShouldBe(15);
        files.ReadHead("payloads/2.json", 3)!.Span.ToArray().ShouldBe("two"u8.ToArray());
        files.Exists("payloads").ShouldBeFalse();
        files.FindWriter("00000000-0000-0000-0000-000000000001").ShouldBe(BundleWriterState.Unknown);
        BundleReader.Open(files).Manifest.RolloutId.ShouldBe("r");
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar.gz")]
    public void Several_bundles_are_told_apart(string file)
    {
        using var archive = Open(file, ("x/2/manifest.json", Manifest), ("x/1/manifest.json", Manifest), ("x/1/trace.jsonl", "one"), ("x/2/trace.jsonl", "two"));

        archive.Bundles.ShouldBe(["x/1", "x/2"]);
        archive.FilesOf("x/2").DisplayName.ShouldBe($"{Place(file)}/x/2");
        Text(archive.FilesOf("x/2"), "trace.jsonl").ShouldBe("two");
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    public void Names_that_lead_out_are_no_files_and_cannot_be_asked_for(string file)
    {
        using var archive = Open(file, ("manifest.json", Manifest), ("../outside.json", "x"), ("payloads/../../outside.json", "x"), ("/outside.json", "x"));

        var files = archive.FilesOf("");
        files.List("").Select(found => found.Name).ShouldBe(["manifest.json"]);
        Should.Throw<BundleException>(() => files.Read("../outside.json", 100)).Message.ShouldBe($"{Place(file)}: the path '../outside.json' is not a plain path below the bundle");
        Should.Throw<BundleException>(() => files.Exists("/outside.json"));
        files.FindDamage().ShouldBe($"{Place(file)}: the name '../outside.json' leads out of the archive, and is not read; and 2 more");
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar")]
    public void A_name_that_stands_there_twice_is_refused_and_the_others_are_not(string file)
    {
        using var archive = Open(file, ("manifest.json", Manifest), ("trace.jsonl", "one"), ("trace.jsonl", "two"), ("payloads/1.json", "1"));

        var files = archive.FilesOf("");
        Should.Throw<BundleException>(() => files.OpenRead("trace.jsonl")).Message.ShouldBe($"{Place(file)}/trace.jsonl: stands in the archive more than once");
        Text(files, "payloads/1.json").ShouldBe("1");
        files.FindDamage().ShouldBe($"{Place(file)}: 'trace.jsonl' stands in the archive more than once");
    }

    [Fact]
    public void A_tar_of_the_oldest_form_is_one_and_a_file_that_does_not_add_up_is_none()
    {
        using (var tar = new TarWriter(File.Create(Place("a.tar")), TarEntryFormat.V7))
        {
            tar.WriteEntry(new V7TarEntry(TarEntryType.V7RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Manifest)) });
        }

        using (var archive = BundleArchive.TryOpen(Place("a.tar"))!)
        {
            archive.Bundles.ShouldBe([""]);
        }

        var bytes = File.ReadAllBytes(Place("a.tar"));
        bytes[0]++;
        File.WriteAllBytes(Place("b.tar"), bytes);
        BundleArchive.TryOpen(Place("b.tar")).ShouldBeNull();
    }

    [Fact]
    public void Links_and_devices_in_a_tar_are_no_files()
    {
        using (var tar = new TarWriter(File.Create(Place("a.tar"))))
        {
            Write(tar, "manifest.json", Manifest);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "trace.jsonl") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "payloads/1.json") { LinkName = "manifest.json" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "payloads/2.json"));
        }

        using var archive = BundleArchive.TryOpen(Place("a.tar"))!;
        var files = archive.FilesOf("");
        foreach (var name in (string[])["trace.jsonl", "payloads/1.json", "payloads/2.json"])
        {
            Should.Throw<BundleException>(() => files.OpenRead(name)).Message.ShouldBe($"{Place("a.tar")}/{name}: is a link or a device in the archive, not a file");
        }

        files.FindDamage().ShouldBe($"{Place("a.tar")}: 'payloads/1.json' is a link or a device in the archive, not a file; and 2 more are not read");
    }

    [Fact]
    public void A_link_in_a_zip_is_no_file()
    {
        using (var zip = ZipFile.Open(Place("a.zip"), ZipArchiveMode.Create))
        {
            Write(zip, "manifest.json", Manifest);
            Write(zip, "trace.jsonl", "/etc/passwd").ExternalAttributes = 0xA1FF << 16;
        }

        using var archive = BundleArchive.TryOpen(Place("a.zip"))!;
        Should.Throw<BundleException>(() => archive.FilesOf("").OpenRead("trace.jsonl")).Message.ShouldEndWith("is a link or a device in the archive, not a file");
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar.gz")]
    public void An_archive_that_would_unpack_to_far_more_than_itself_is_refused(string file)
    {
        const int Entries = 5;
        var zeros = new byte[64 << 20];
        Write(file, [("manifest.json", Encoding.UTF8.GetBytes(Manifest)), .. Enumerable.Range(1, Entries).Select(number => ($"payloads/{number}.json", zeros))]);

        Should.Throw<BundleException>(() => BundleArchive.TryOpen(Place(file))).Message.ShouldStartWith($"{Place(file)}: unpacks to more than ");
    }

    [Fact]
    public void An_entry_is_not_read_further_than_its_zip_says_it_goes()
    {
        Write("a.zip", [("manifest.json", Encoding.UTF8.GetBytes(Manifest)), ("payloads/1.json", new byte[100_000])]);
        var bytes = File.ReadAllBytes(Place("a.zip"));

        // The length in the entry of the directory at the end, before the name.
        var name = bytes.AsSpan().LastIndexOf("payloads/1.json"u8);
        BitConverter.GetBytes(1000).CopyTo(bytes, name - 46 + 24);
        File.WriteAllBytes(Place("a.zip"), bytes);

        using var archive = BundleArchive.TryOpen(Place("a.zip"))!;
        archive.FilesOf("").Read("payloads/1.json", int.MaxValue).Span.Length.ShouldBe(1000);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_not_read()
    {
        using var archive = Open("a.zip", ("manifest.json", Manifest), ("payloads/1.json", "123456"));

        Should.Throw<BundleException>(() => archive.FilesOf("").Read("payloads/1.json", 5)).Message.ShouldEndWith("payloads/1.json: 6 bytes are more than the limit of 5");
        archive.FilesOf("").Read("payloads/1.json", 6).Span.Length.ShouldBe(6);
    }

    [Theory]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    public void What_is_before_the_end_of_an_archive_that_is_cut_is_given(string file)
    {
        var random = new byte[100_000];
        new Random(1).NextBytes(random);
        Write(file, [("manifest.json", Encoding.UTF8.GetBytes(Manifest)), ("trace.jsonl", "log"u8.ToArray()), ("payloads/1.json", random)]);
        var bytes = File.ReadAllBytes(Place(file));
        File.WriteAllBytes(Place(file), bytes[..(bytes.Length / 2)]);

        using var archive = BundleArchive.TryOpen(Place(file))!;

        Text(archive.FilesOf(archive.Bundles.ShouldHaveSingleItem()), "trace.jsonl").ShouldBe("log");
    }

    [Fact]
    public void A_zip_that_is_cut_says_so()
    {
        Write("a.zip", [("manifest.json", Encoding.UTF8.GetBytes(Manifest))]);
        File.WriteAllBytes(Place("a.zip"), File.ReadAllBytes(Place("a.zip"))[..^10]);

        Should.Throw<BundleException>(() => BundleArchive.TryOpen(Place("a.zip"))).Message.ShouldStartWith($"{Place("a.zip")}: cannot be read as an archive: ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("{}")]
    public void What_is_no_archive_is_none(string content)
    {
        File.WriteAllText(Place("a.zip"), content);

        BundleArchive.TryOpen(Place("a.zip")).ShouldBeNull();
        Should.Throw<BundleException>(() => BundleArchive.TryOpen(Place("b.zip"))).Message.ShouldBe($"{Place("b.zip")}: there is no such file");
    }

    [Fact]
    public void A_gzipped_tar_leaves_no_file_behind()
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "rollout-trace-*.tar");
        using var archive = Open("a.tar.gz", ("manifest.json", Manifest));

        if (!OperatingSystem.IsWindows())
        {
            Directory.GetFiles(Path.GetTempPath(), "rollout-trace-*.tar").Except(before).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Files_are_read_by_several_threads_at_once()
    {
        const int Files = 50;
        using var archive = Open("a.zip", [("manifest.json", Manifest), .. Enumerable.Range(1, Files).Select(number => ($"payloads/{number}.json", new string((char)('a' + (number % 26)), 20_000 + number)))]);
        var files = archive.FilesOf("");

        Parallel.For(1, Files + 1, number => Text(files, $"payloads/{number}.json").ShouldBe(new string((char)('a' + (number % 26)), 20_000 + number)));
    }

    private static string Text(BundleFiles files, string name)
    {
        using var bytes = files.Read(name, int.MaxValue);
        using var stream = files.OpenRead(name);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        Encoding.UTF8.GetString(bytes.Span).ShouldBe(text);
        return text;
    }

    private static ZipArchiveEntry Write(ZipArchive zip, string name, string content)
    {
        var entry = zip.CreateEntry(name);
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
        return entry;
    }

    private static void Write(TarWriter tar, string name, string content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });

    private string Place(string file) => Path.Join(directory.FullName, file);

    private BundleArchive Open(string file, params (string Name, string Content)[] entries)
    {
        Write(file, [.. entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Content)))]);
        return BundleArchive.TryOpen(Place(file))!;
    }

    private void Write(string file, (string Name, byte[] Content)[] entries)
    {
        using var output = File.Create(Place(file));
        if (file.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(output, ZipArchiveMode.Create);
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }

            return;
        }

        using Stream packed = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(output, CompressionLevel.Fastest) : output;
        using var tar = new TarWriter(packed);
        foreach (var (name, content) in entries)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
    }
}
