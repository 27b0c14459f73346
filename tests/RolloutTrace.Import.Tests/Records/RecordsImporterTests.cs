using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Records;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Import.Tests.Records;

public sealed class RecordsImporterTests : IDisposable
{
    private readonly string work = Directory.CreateTempSubdirectory("rollout-trace-records-").FullName;
    private readonly TestBundle sent = new();
    private readonly IReadOnlyList<BundleRecord> records;

    public RecordsImporterTests()
    {
        sent.Append(new RolloutStartedEvent { TraceId = "trace-1", RootThreadId = TestBundle.Root });
        sent.WithTurn();
        sent.Request("call-1", """{"input":[{"role":"user","content":"é😀"}]}""");
        sent.Respond("call-1", """{"output_items":[]}""");
        sent.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
        sent.Open();
        records = BundleRecords.Of(sent.Directory, chunkBytes: 12);
    }

    private string Output => Path.Join(work, "out");

    private string Bundle => Path.Join(Output, records[0].Bundle);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_collector_wrote_in_whatever_order_and_however_often_is_the_bundle_byte_for_byte(int seed)
    {
        var random = new Random(seed);
        var shuffled = records.Concat(records.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(shuffled);
        var lines = shuffled.Chunk(3).Select(BundleRecords.ToOtlpJson).ToList();
        File.WriteAllLines(Path.Join(work, "a.jsonl"), lines.Take(lines.Count / 2));
        using (var zipped = new GZipStream(File.Create(Path.Join(work, "b.gz")), CompressionLevel.Fastest))
        {
            zipped.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines.Skip(lines.Count / 2))));
        }

        var result = RolloutImport.Run([Path.Join(work, "a.jsonl"), Path.Join(work, "b.gz")], Output);

        result.Diagnostics.ShouldBeEmpty();
        var rollout = result.Rollouts.ShouldHaveSingleItem();
        (rollout.Bundle, rollout.Format, rollout.HasEnded, rollout.Threads, rollout.Turns, rollout.Requests).ShouldBe((Bundle, "records", true, 1, 1, 1));
        FilesOf(Bundle).ShouldBe(FilesOf(sent.Directory));
        Directory.GetFileSystemEntries(Output).ShouldBe([Bundle]);
    }

    [Fact]
    public void A_request_may_be_a_document_of_many_lines()
    {
        File.WriteAllText(Path.Join(work, "a.json"), System.Text.Json.Nodes.JsonNode.Parse(BundleRecords.ToOtlpJson(records))!.ToJsonString(new() { WriteIndented = true }));

        RolloutImport.Run([Path.Join(work, "a.json")], Output).Diagnostics.ShouldBeEmpty();

        FilesOf(Bundle).ShouldBe(FilesOf(sent.Directory));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_may_be_protobuf_one_message_or_several_with_their_lengths(bool isFramed)
    {
        using (var file = File.Create(Path.Join(work, "a.pb")))
        {
            foreach (var part in isFramed ? records.Chunk(4) : [records.ToArray()])
            {
                var message = Request(part);
                if (isFramed)
                {
                    var length = new byte[4];
                    BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
                    file.Write(length);
                }

                file.Write(message);
            }
        }

        RolloutImport.Run([Path.Join(work, "a.pb")], Output).Diagnostics.ShouldBeEmpty();

        FilesOf(Bundle).ShouldBe(FilesOf(sent.Directory));
    }

    [Fact]
    public void A_hole_is_named_and_later_records_fill_it()
    {
        File.WriteAllText(Path.Join(work, "a.jsonl"), BundleRecords.ToOtlpJson(records.Where(static record => record.Seq != 3 && record.PayloadNumber != 2)));
        File.WriteAllText(Path.Join(work, "b.jsonl"), BundleRecords.ToOtlpJson(records.Where(static record => record.Seq == 3 || record.PayloadNumber == 2)));

        var result = RolloutImport.Run([Path.Join(work, "a.jsonl")], Output);

        var diagnostic = result.Diagnostics.ShouldHaveSingleItem();
        (diagnostic.Severity, diagnostic.Code, diagnostic.File).ShouldBe((ImportSeverity.Warning, ImportCodes.RecordsMissing, Path.Join(work, "a.jsonl")));
        diagnostic.Message.ShouldBe($"gives {records[0].Bundle}, which lacks events 3 and payloads/2.json");
        File.ReadAllText(Path.Join(Bundle, "manifest.json")).ShouldContain("""
            "collected":{"missing_seq":[[3,3]],"missing_payloads":["payloads/2.json"]}
            """);

        RolloutImport.Run([Path.Join(work, "b.jsonl")], Output).Diagnostics.ShouldBeEmpty();
        FilesOf(Bundle).ShouldBe(FilesOf(sent.Directory));
    }

    [Fact]
    public void What_does_not_fit_is_passed_over_and_told_and_the_rest_is_imported()
    {
        var other = records.Single(static record => record.Seq == 2) with { Body = Encoding.UTF8.GetBytes("""{"seq":2}""") };
        File.WriteAllLines(Path.Join(work, "a.jsonl"), [BundleRecords.ToOtlpJson(records), BundleRecords.ToOtlpJson([other]), "{\"resourceLogs\":7}", "{"]);

        var result = RolloutImport.Run([Path.Join(work, "a.jsonl")], Output);

        result.Diagnostics.Select(static diagnostic => (diagnostic.Line, diagnostic.Code)).ShouldBe(
            [(2, ImportCodes.RecordRejected), (3, ImportCodes.LineUnreadable), (4, ImportCodes.LineUnreadable)]);
        FilesOf(Bundle).ShouldBe(FilesOf(sent.Directory));
    }

    [Fact]
    public void Logs_of_others_hold_nothing()
    {
        File.WriteAllText(Path.Join(work, "a.jsonl"), """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}""");

        var result = RolloutImport.Run([Path.Join(work, "a.jsonl")], Output);

        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(ImportCodes.NothingFound);
        result.Rollouts.ShouldBeEmpty();
    }

    public void Dispose()
    {
        sent.Dispose();
        Directory.Delete(work, recursive: true);
    }

    private static SortedDictionary<string, string> FilesOf(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file).Replace('\\', '/'), static file => Encoding.Latin1.GetString(File.ReadAllBytes(file))), StringComparer.Ordinal);

    private static byte[] Request(IEnumerable<BundleRecord> records) =>
        Field(1, [.. Field(1, []), .. Field(2, [.. Field(1, Field(1, "RolloutTrace"u8)), .. records.SelectMany(static record => Field(2, Log(record)))])]);

    private static byte[] Log(BundleRecord record)
    {
        var log = new List<byte>(Field(5, Field(1, record.Body.Span)));
        log.AddRange(Attribute("rollout.bundle", record.Bundle));
        var name = "rollout.manifest";
        if (record.Kind == BundleRecordKind.RawEvent)
        {
            name = "rollout.raw_event";
            log.AddRange(Attribute("rollout.event.seq", record.Seq));
        }
        else if (record.Payload is { } facts)
        {
            name = "rollout.payload";
            log.AddRange(Attribute("rollout.payload.path", $"payloads/{record.PayloadNumber}.json"));
            log.AddRange(Attribute("rollout.payload.bytes", facts.Bytes));
            log.AddRange(Attribute("rollout.payload.sha256", facts.Sha256));
            log.AddRange(Attribute("rollout.payload.encoding", facts.Encoding));
            log.AddRange(Attribute("rollout.chunk.number", record.Chunk));
            log.AddRange(Attribute("rollout.chunk.count", facts.Chunks));
        }

        return [.. log, .. Field(12, Encoding.UTF8.GetBytes(name))];
    }

    private static byte[] Attribute(string name, string value) => Field(6, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(value)))]);

    private static byte[] Attribute(string name, long value) => Field(6, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, [3 << 3, .. Varint((ulong)value)])]);

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
