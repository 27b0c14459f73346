using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleWriterTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("rollout-trace-");

    private string Target => Path.Join(root.FullName, "below", "bundle");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_what_the_reader_reads()
    {
        using (var writer = BundleWriter.Create(Target, Manifest()))
        {
            writer.WritePayload(1, """{"model":"m"}"""u8);
            writer.Append(ThreadStarted(1));
            writer.Append(ThreadStarted(2));
        }

        var reader = BundleReader.Open(Target);
        reader.Manifest.ShouldBe(Manifest());
        var events = reader.ReadEvents().Select(l => l.Event).ToArray();
        events.ShouldBe([ThreadStarted(1), ThreadStarted(2)]);
        using var payload = reader.ReadPayload(events[0]!.Payload.PayloadReferences[0]);
        Encoding.UTF8.GetString(payload.Span).ShouldBe("""{"model":"m"}""");
        File.ReadAllText(Path.Join(Target, "trace.jsonl")).ShouldEndWith("}\n");
    }

    [Fact]
    public void A_payload_that_stands_in_two_places_is_one()
    {
        var kept = new WholeStore();
        using (var writer = BundleWriter.Create(Target, Manifest()))
        using (var stored = BundleWriter.Create(Target + "-stored", Manifest(), _ => kept))
        {
            writer.WritePayload(1, new PayloadInParts("[1,"u8, "2]"u8));
            writer.WritePayload(2, new PayloadInParts("[1,"u8, default, earlier: 1));
            writer.WritePayload(3, new PayloadInParts(default, "[3]"u8));
            stored.WritePayload(4, new PayloadInParts("[1,"u8, "2]"u8, earlier: 3));
            stored.WritePayload(5, "[5]"u8);
        }

        Enumerable.Range(1, 3).Select(number => File.ReadAllText(Path.Join(Target, "payloads", $"{number}.json"))).ShouldBe(["[1,2]", "[1,", "[3]"]);
        kept.Written.ShouldBe([(4, "[1,2]"), (5, "[5]")]);
    }

    [Fact]
    public void Create_WhereSomethingIs_ThrowsAndLeavesIt()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Join(Target, "mine.txt"), "x");

        Should.Throw<IOException>(() => BundleWriter.Create(Target, Manifest()));

        Directory.GetFileSystemEntries(Target).ShouldHaveSingleItem().ShouldEndWith("mine.txt");
    }

    [Fact]
    public void Create_BelowAFile_ThrowsAnInputOutputError()
    {
        File.WriteAllText(Path.Join(root.FullName, "below"), "x");

        Should.Throw<IOException>(() => BundleWriter.Create(Target, Manifest()));
    }

    [Fact]
    public void Events_are_on_disk_after_a_flush_and_not_before()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        writer.Append(ThreadStarted(1));
        BundleReader.Open(Target).ReadEvents().ShouldBeEmpty();

        writer.Flush();

        BundleReader.Open(Target).ReadEvents().ShouldHaveSingleItem();
        writer.EventsWritten.ShouldBe(1);
    }

    [Fact]
    public void Files_can_be_closed_between_events()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        for (var seq = 1; seq <= 3; seq++)
        {
            writer.Append(ThreadStarted(seq));
            writer.CloseFiles();
            writer.HasOpenFiles.ShouldBeFalse();
        }

        BundleReader.Open(Target).ReadEvents().Select(l => l.Event!.Seq).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void An_event_that_cannot_be_serialised_adds_nothing_and_the_next_one_does()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        writer.Append(ThreadStarted(1));
        Should.Throw<InvalidOperationException>(
            () => writer.Append(Event(2, new OtherEvent { Kind = "k", Summary = "s", Payloads = [], Metadata = default })));
        writer.Append(ThreadStarted(2));
        writer.Flush();

        BundleReader.Open(Target).ReadEvents().Select(l => l.Event).ShouldBe([ThreadStarted(1), ThreadStarted(2)]);
    }

    [Fact]
    public void A_payload_is_written_once_only()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        writer.WritePayload(1, "1"u8);

        Should.Throw<IOException>(() => writer.WritePayload(1, "2"u8));

        File.ReadAllText(Path.Join(Target, "payloads", "1.json")).ShouldBe("1");
    }

    [Fact]
    public void A_payload_in_a_lost_directory_throws_and_says_what_is_lost()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        Directory.Delete(Path.Join(Target, "payloads"));

        Should.Throw<BundleChangedException>(() => writer.WritePayload(1, "1"u8)).Change.ShouldBe(BundleChange.PayloadsRemoved);
    }

    [Fact]
    public void Flush_AfterTheBundleWasDeleted_ThrowsAndTakesNoMore()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        writer.Append(ThreadStarted(1));
        writer.Flush();
        Directory.Delete(Target, recursive: true);
        writer.Append(ThreadStarted(2));

        Should.Throw<BundleChangedException>(writer.Flush).Change.ShouldBe(BundleChange.DirectoryRemoved);

        writer.EventsWritten.ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => writer.Append(ThreadStarted(3)));
    }

    [Fact]
    public void Text_with_a_lone_surrogate_is_written_as_a_replacement_character()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        writer.Append(Event(1, new CodeCellStartedEvent { RuntimeCellId = "c", ModelVisibleCallId = "m", SourceJs = "a\ud800b" }));
        writer.Flush();

        BundleReader.Open(Target).ReadEvents().Single().Event!.Payload.ShouldBeOfType<CodeCellStartedEvent>().SourceJs.ShouldBe("a\ufffdb");
    }

    [Fact]
    public void A_payload_of_many_megabytes_is_written_whole()
    {
        var bytes = new byte[20 << 20];
        Array.Fill(bytes, (byte)'1');
        using var writer = BundleWriter.Create(Target, Manifest());

        writer.WritePayload(1, bytes);

        File.ReadAllBytes(Path.Join(Target, "payloads", "1.json")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        writer.BytesWritten.ShouldBe(bytes.Length);
    }

    [Fact]
    public void On_Unix_directories_and_files_are_private()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var writer = BundleWriter.Create(Target, Manifest());
        writer.WritePayload(1, "1"u8);

        const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;
        foreach (var directory in new[] { Path.GetDirectoryName(Target)!, Target, Path.Join(Target, "payloads") })
        {
            File.GetUnixFileMode(directory).ShouldBe(PrivateDirectory, directory);
        }

        foreach (var file in Directory.GetFiles(Target, "*", SearchOption.AllDirectories))
        {
            File.GetUnixFileMode(file).ShouldBe(PrivateFile, file);
        }
    }

    private static BundleManifest Manifest() => new() { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1 };

    private static RawEvent ThreadStarted(long seq) => Event(
        seq,
        new ThreadStartedEvent { ThreadId = "r", AgentPath = "/root", MetadataPayload = PayloadReference.ForNumber(1, PayloadKind.SessionMetadata) });

    private static RawEvent Event(long seq, RawEventPayload payload) => new() { Seq = seq, WallTimeUnixMs = 1, RolloutId = "r", Payload = payload };

    // Has no way of its own for payloads in two places.
    private sealed class WholeStore : PayloadStore
    {
        public List<(long Number, string Payload)> Written { get; } = [];

        public override long Write(long number, ReadOnlySpan<byte> utf8Json)
        {
            Written.Add((number, Encoding.UTF8.GetString(utf8Json)));
            return 0;
        }

        public override long Flush() => 0;

        public override long Close() => 0;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
