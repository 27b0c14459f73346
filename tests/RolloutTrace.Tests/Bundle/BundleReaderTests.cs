using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleReaderTests : IDisposable
{
    private const string Manifest =
        """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""";

    private const string Started =
        """{"schema_version":1,"seq":1,"wall_time_unix_ms":1,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_started","trace_id":"t","root_thread_id":"r"}}""";

    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory("rollout-trace-");
    private readonly string bundle;

    public BundleReaderTests()
    {
        bundle = outside.CreateSubdirectory("bundle").FullName;
        Directory.CreateDirectory(Path.Join(bundle, "payloads"));
        Write("manifest.json", Manifest);
    }

    public void Dispose() => outside.Delete(recursive: true);

    [Fact]
    public void Open_WithoutManifest_NamesTheFile()
    {
        File.Delete(Path.Join(bundle, "manifest.json"));

        Should.Throw<BundleException>(() => BundleReader.Open(bundle)).Message.ShouldStartWith(Path.Join(bundle, "manifest.json"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"schema_version":1}""")]
    public void Open_ManifestThatIsNone_IsRefused(string manifest)
    {
        Write("manifest.json", manifest);

        Should.Throw<BundleException>(() => BundleReader.Open(bundle)).Message.ShouldStartWith(Path.Join(bundle, "manifest.json"));
    }

    [Fact]
    public void ReadEvents_BlankLinesCarriageReturnsAndNoLastNewline_AreNoErrors()
    {
        Write("trace.jsonl", $"\n  \t\r\n{Started}\r\n\n{Started}");

        var lines = BundleReader.Open(bundle).ReadEvents().ToArray();

        lines.Select(line => (line.LineNumber, line.Defect?.Text, line.Event?.Seq)).ShouldBe([(3, null, 1), (5, null, 1)]);
        lines[^1].EndOffset.ShouldBe(new FileInfo(Path.Join(bundle, "trace.jsonl")).Length);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\uFEFF{}")]
    [InlineData("""{"schema_version":1,"seq":NaN}""")]
    [InlineData("""{"schema_version":1,"seq":1,"wall_time_unix_ms":1,"rollout_id":"r","payload":{"trace_id":"t"}}""")]
    public void ReadEvents_LineThatIsNoEvent_IsGivenWithItsErrorAndReadingGoesOn(string line)
    {
        Write("trace.jsonl", $"{Started}\n{line}\n{Started}\n");

        var lines = BundleReader.Open(bundle).ReadEvents().ToArray();

        lines.Select(l => l.Event is not null).ShouldBe([true, false, true]);
        lines[1].Defect!.Text.ShouldNotBeNullOrEmpty();
        lines[1].LineNumber.ShouldBe(2);
    }

    [Fact]
    public void ReadEvents_DiscriminatorBehindOtherMembers_IsFound()
    {
        Write("trace.jsonl", """{"payload":{"root_thread_id":"r","trace_id":"t","type":"rollout_started"},"schema_version":1,"seq":1,"wall_time_unix_ms":1,"rollout_id":"r"}""");

        BundleReader.Open(bundle).ReadEvents().Single().Event!.Payload.ShouldBe(new RolloutStartedEvent { TraceId = "t", RootThreadId = "r" });
    }

    [Fact]
    public void ReadEvents_LineBeyondTheLimit_IsPassedOverWithoutBeingHeld()
    {
        Write("trace.jsonl", $"{Started}\n{new string('x', 1 << 20)}\n{Started}\n{new string('y', 1 << 20)}");

        var lines = BundleReader.Open(bundle, new BundleReaderOptions { MaxLineBytes = 1000 }).ReadEvents().ToArray();

        lines.Select(line => (line.LineNumber, line.Defect?.Text)).ShouldBe(
            [(1, null), (2, "the line is longer than 1000 bytes"), (3, null), (4, "the line is longer than 1000 bytes")]);
    }

    [Fact]
    public void ReadEvents_MoreLinesThanTheLimit_EndsWithAnError()
    {
        Write("trace.jsonl", $"{Started}\n{Started}\n{Started}\n");

        var lines = BundleReader.Open(bundle, new BundleReaderOptions { MaxLines = 2 }).ReadEvents().ToArray();

        lines.Select(line => line.Defect?.Text).ShouldBe([null, null, "the log has more than 2 lines; the rest is not read"]);
    }

    [Theory]
    [InlineData("../secret.json")]
    [InlineData("payloads/../../secret.json")]
    [InlineData("payloads\\..\\..\\secret.json")]
    [InlineData("/etc/hostname")]
    [InlineData("")]
    [InlineData("payloads/link.json")]
    [InlineData("linked/secret.json")]
    [InlineData("payloads/through.json")]
    [InlineData("payloads/back.json")]
    [InlineData("payloads/above.json")]
    public void ReadPayload_PathThatLeadsOutOfTheBundle_IsRefused(string path)
    {
        var secret = Path.Join(outside.FullName, "secret.json");
        File.WriteAllText(secret, "1");
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "link.json"), secret);
        Directory.CreateSymbolicLink(Path.Join(bundle, "linked"), outside.FullName);

        // Their text stays in the bundle, and the system does not.
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "through.json"), "../linked/secret.json");
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "back.json"), $"../linked/../{outside.Name}/secret.json");
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "above.json"), $"../../{Path.GetFileName(bundle)}/payloads/1.json");
        Write("payloads/1.json", "1");

        Should.Throw<BundleException>(() => BundleReader.Open(bundle).ReadPayload(Reference(path))).Message.ShouldNotContain("cannot be read");
    }

    public static TheoryData<string> Nowhere =>
        [".", "./", "payloads/.", "payloads/loop.json", "round/1.json", "round/round/1.json", "payloads/1.json/2.json", string.Concat(Enumerable.Repeat("a/", 1_000_000)) + "b"];

    [Theory]
    [MemberData(nameof(Nowhere))]
    public void APathThatLeadsNowhere_IsAnErrorForTheLogAndForAPayload(string path)
    {
        Write("payloads/1.json", "1");
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "loop.json"), "loop.json");
        Directory.CreateSymbolicLink(Path.Join(bundle, "round"), "round");
        Should.Throw<BundleException>(() => BundleReader.Open(bundle).ReadPayload(Reference(path)));

        Write("manifest.json", Manifest.Replace("trace.jsonl", path, StringComparison.Ordinal));
        Should.Throw<BundleException>(() => BundleReader.Open(bundle).ReadEvents().ToArray());
    }

    [Fact]
    public void ReadPayload_DirectoryReachedByLinksInsideTheBundle_IsRead()
    {
        Write("payloads/1.json", "[1]");
        Directory.CreateDirectory(Path.Join(bundle, "other"));
        Directory.CreateSymbolicLink(Path.Join(bundle, "other", "again"), "../payloads");
        Directory.CreateSymbolicLink(Path.Join(bundle, "linked"), "other/again/../other/again");

        using var payload = BundleReader.Open(bundle).ReadPayload(Reference("linked/1.json"));

        Encoding.UTF8.GetString(payload.Span).ShouldBe("[1]");
    }

    [Fact]
    public void ReadPayload_LinkThatStaysInTheBundle_IsFollowed()
    {
        Write("payloads/1.json", "[1]");
        File.CreateSymbolicLink(Path.Join(bundle, "payloads", "2.json"), Path.Join(bundle, "payloads", "1.json"));

        using var payload = BundleReader.Open(bundle).ReadPayload(Reference("payloads/2.json"));

        Encoding.UTF8.GetString(payload.Span).ShouldBe("[1]");
    }

    [Theory]
    [InlineData("payloads/missing.json", "there is no such file")]
    [InlineData("payloads", "it is a directory, not a file")]
    public void ReadPayload_NoFileThere_NamesItAndSaysWhy(string path, string why) =>
        Should.Throw<BundleException>(() => BundleReader.Open(bundle).ReadPayload(Reference(path))).Message.ShouldBe($"{Path.Join(bundle, path)}: {why}");

    [Fact]
    public void ReadPayload_LargerThanTheLimit_IsRefused()
    {
        Write("payloads/1.json", "[1,2,3]");

        Should.Throw<BundleException>(() => BundleReader.Open(bundle, new BundleReaderOptions { MaxPayloadBytes = 6 }).ReadPayload(Reference("payloads/1.json")))
            .Message.ShouldContain("7 bytes are more than the limit of 6");
    }

    [Theory]
    [InlineData("../outside.jsonl")]
    [InlineData("/etc/hostname")]
    public void EventLog_NamedByTheManifestOutsideTheBundle_IsNotRead(string log)
    {
        Write("manifest.json", Manifest.Replace("trace.jsonl", log, StringComparison.Ordinal));

        Should.Throw<BundleException>(() => BundleReader.Open(bundle).ReadEvents().ToArray());
    }

    private static PayloadReference Reference(string path) => new() { RawPayloadId = "raw_payload:1", Kind = PayloadKind.ToolResult, Path = path };

    private void Write(string file, string text) => File.WriteAllText(Path.Join(bundle, file), text);
}
