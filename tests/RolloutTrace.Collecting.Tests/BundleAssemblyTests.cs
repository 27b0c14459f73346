using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Packing;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Tests;

public sealed class BundleAssemblyTests
{
    [Fact]
    public void Records_in_any_order_and_number_give_the_bundle_byte_for_byte() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Gen.Choose(1, 400).ToArbitrary(), Gen.Elements(PayloadEncoding.Utf8, PayloadEncoding.Base64, PayloadEncoding.Gzip).ToArbitrary(), (seed, chunkBytes, encoding) =>
        {
            using var sent = new SentBundle(requests: (seed % 7) + 1, chunkBytes, encoding);
            using var assembly = sent.Open();
            var random = new Random(seed);
            var records = sent.Records.Concat(sent.Records.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(records);
            var accepted = 0;
            foreach (var record in records)
            {
                assembly.IsWhole.ShouldBe(accepted == sent.Records.Count);
                var outcome = assembly.Add(record);
                outcome.Fate.ShouldNotBe(RecordFate.Rejected, outcome.Reason);
                accepted += outcome.Fate == RecordFate.Accepted ? 1 : 0;
                if (random.Next(5) == 0)
                {
                    assembly.Close();
                }
            }

            accepted.ShouldBe(sent.Records.Count);
            assembly.IsWhole.ShouldBeTrue();
            assembly.Hole.ShouldBeNull();
            sent.ShouldBeWhat(assembly);
        }).ShouldHold(60);

    [Fact]
    public void What_was_flushed_is_there_after_a_kill_at_any_moment() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        using var sent = new SentBundle();
        var random = new Random(seed);
        var records = sent.Records.ToArray();
        random.Shuffle(records);
        var flushed = random.Next(records.Length);
        long safe;
        using (var killed = sent.Open())
        {
            foreach (var record in records[..flushed])
            {
                killed.Add(record);
            }

            killed.Flush();
            safe = new FileInfo(Path.Join(sent.Spool, JournalFile.FileName)).Length;
            foreach (var record in records[flushed..])
            {
                killed.Add(record);
            }
        }

        Tear(Path.Join(sent.Spool, JournalFile.FileName), safe, random);
        using var next = sent.Open();
        foreach (var record in records[..flushed])
        {
            next.Add(record).Fate.ShouldBe(RecordFate.Twice);
        }

        foreach (var record in records[flushed..])
        {
            next.Add(record).Fate.ShouldNotBe(RecordFate.Rejected);
        }

        next.IsWhole.ShouldBeTrue();
        sent.ShouldBeWhat(next);
    }).ShouldHold(60);

    [Fact]
    public void It_is_packed_as_what_was_recorded_and_the_same_records_give_the_same_bytes()
    {
        using var sent = new SentBundle();
        var packed = Path.Join(sent.Work, "one.rollout.tar.zst");
        using (var assembly = sent.Open(AssemblyOptions.Default))
        {
            AddAll(assembly, sent.Records);
            assembly.Flush();
            assembly.IsChanged.ShouldBeTrue();
            assembly.Pack(packed).Files.ShouldBe(5);
            assembly.IsChanged.ShouldBeFalse();
            var first = File.ReadAllBytes(packed);
            assembly.Pack(packed);
            File.ReadAllBytes(packed).ShouldBe(first);
            assembly.Delete();
            Directory.Exists(sent.Spool).ShouldBeFalse();
        }

        var unpacked = BundleUnpacker.Unpack(packed, Path.Join(sent.Work, "unpacked")).Directory;
        SentBundle.FilesOf(unpacked).ShouldBe(SentBundle.FilesOf(sent.Directory));
        using var files = PackedBundle.Open(packed);
        files.Name.ShouldBe(sent.Name);
    }

    [Fact]
    public void What_did_not_come_is_named_in_the_manifest_and_no_payload_is_there_in_part()
    {
        using var sent = new SentBundle(requests: 5);
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records.Where(static record => record.Seq is not (2 or 5 or 6) && (record.PayloadNumber is not 4 || record.Chunk > 1)));

        assembly.IsWhole.ShouldBeFalse();
        assembly.Hole!.ToString().ShouldBe("lacks events 2, 5-6 and payloads/4.json");
        var made = Path.Join(sent.Work, "made");
        assembly.WriteTo(made);

        var manifest = File.ReadAllText(Path.Join(sent.Directory, "manifest.json"));
        File.ReadAllText(Path.Join(made, "manifest.json")).ShouldBe(manifest[..^1] + """ ,"collected":{"missing_seq":[[2,2],[5,6]],"missing_payloads":["payloads/4.json"]}}""".TrimStart());
        BundleReader.Open(made).Manifest.Collected!.ToString().ShouldBe(assembly.Hole.ToString());
        BundleReader.Open(made).Manifest.ToUtf8Json().ShouldBe(File.ReadAllBytes(Path.Join(made, "manifest.json")));
        Directory.GetFiles(Path.Join(made, "payloads")).Select(Path.GetFileName).Order().ShouldBe(["1.json", "2.json", "3.json", "5.json"]);
        File.ReadAllLines(Path.Join(made, "trace.jsonl")).ShouldBe(File.ReadAllLines(Path.Join(sent.Directory, "trace.jsonl")).Where(static (_, i) => i + 1 is not (2 or 5 or 6)));
    }

    [Theory]
    [InlineData("{\"collected\":{\"missing_manifest\":false},", "{", "")]
    [InlineData("{ \"collected\" : 7 , ", "{ ", "")]
    [InlineData("{", "{", ",\"collected\":[]")]
    public void A_manifest_that_says_of_itself_that_it_was_collected_says_it_once(string from, string to, string behind)
    {
        using var sent = new SentBundle(requests: 2);
        using var assembly = sent.Open();
        var manifest = sent.Records[0];
        var text = Encoding.UTF8.GetString(manifest.Body.Span);
        assembly.Add(manifest with { Body = Encoding.UTF8.GetBytes(from + text[1..^1] + behind + "}") }).Fate.ShouldBe(RecordFate.Accepted);
        AddAll(assembly, sent.Records.Where(static record => record.Seq is not 2).Skip(1));

        var made = Path.Join(sent.Work, "made");
        assembly.WriteTo(made);

        File.ReadAllText(Path.Join(made, "manifest.json")).ShouldBe(to + text[1..^1] + ",\"collected\":{\"missing_seq\":[[2,2]],\"missing_payloads\":[]}}");
        BundleReader.Open(made).Manifest.Collected!.MissingSeq.ShouldBe([new MissingSeq(2, 2)]);
    }

    [Fact]
    public void Of_payloads_that_are_there_in_part_so_many_are_taken_and_those_go_on()
    {
        using var sent = new SentBundle(requests: 1);
        using var assembly = sent.Open();
        List<BundleRecord> Of(long number) => [.. BundleRecords.Chunks(sent.Name, number, Encoding.UTF8.GetBytes("two chunks"), chunkBytes: 5, PayloadEncoding.Utf8)];
        var before = 0L;
        RecordOutcome outcome;
        do
        {
            outcome = assembly.Add(Of(100 + before)[0]);
            before++;
        }
        while (outcome.Fate == RecordFate.Accepted && before < 10_000);

        outcome.Reason.ShouldBe($"{sent.Name}: {before - 1} payloads are here in part already, and no others are begun until some are whole");
        assembly.Add(Of(100)[1]).Fate.ShouldBe(RecordFate.Accepted);
        AddAll(assembly, sent.Records);
        assembly.IsWhole.ShouldBeTrue();
        assembly.Add(Of(50_000)[0]).Fate.ShouldBe(RecordFate.Accepted);
        assembly.Add(Of(60_000)[0]).Fate.ShouldBe(RecordFate.Rejected);
    }

    [Fact]
    public void A_bundle_without_its_manifest_gets_one_of_its_first_event()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records.Skip(1));

        assembly.Hole!.ToString().ShouldBe("lacks the manifest");
        var packed = Path.Join(sent.Work, "one.rollout.tar.zst");
        assembly.Pack(packed);

        using var files = PackedBundle.Open(packed);
        var manifest = BundleReader.Open(files).Manifest;
        manifest.TraceId.ShouldBe("trace-1");
        manifest.RootThreadId.ShouldBe(TestBundle.Root);
        manifest.RolloutId.ShouldBe(TestBundle.Root);
        manifest.StartedAtUnixMs.ShouldBe(1770000000000);
        JsonDocument.Parse(files.Read("manifest.json", 10_000).Span.ToArray()).RootElement.GetProperty("collected").ToString()
            .ShouldBe("""{"missing_seq":[],"missing_payloads":[],"missing_manifest":true}""");
    }

    [Fact]
    public void Records_that_come_after_it_was_packed_make_it_what_it_was() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        using var sent = new SentBundle();
        var random = new Random(seed);
        var records = sent.Records.ToArray();
        random.Shuffle(records);
        var first = 1 + random.Next(records.Length - 1);
        var packed = Path.Join(sent.Work, "one.rollout.tar.zst");
        using (var assembly = sent.Open())
        {
            AddAll(assembly, records[..first]);
            assembly.Pack(packed);
            assembly.Delete();
        }

        using var again = sent.Open();
        using (var files = PackedBundle.Open(packed))
        {
            again.Seed(files);
            again.Seed(files);
        }

        again.IsSeeded.ShouldBeTrue();
        again.IsChanged.ShouldBeFalse();

        // Chunks of a payload that was not whole are not in what was packed, and come again with the rest.
        foreach (var record in random.Next(2) == 0 ? sent.Records : sent.Records.Reverse())
        {
            again.Add(record).Fate.ShouldNotBe(RecordFate.Rejected);
        }

        again.IsWhole.ShouldBeTrue();
        again.Pack(packed);
        again.Delete();
        SentBundle.FilesOf(BundleUnpacker.Unpack(packed, Path.Join(sent.Work, "unpacked")).Directory).ShouldBe(SentBundle.FilesOf(sent.Directory));
    }).ShouldHold(40);

    [Fact]
    public void Of_what_differs_the_first_stays_and_the_later_is_rejected()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records);
        var manifest = sent.Records.First(static record => record.Kind == BundleRecordKind.Manifest);
        var chunk = sent.Records.First(static record => record.PayloadNumber == 2);

        Rejected(assembly, Line(sent, 3) with { Body = Encoding.UTF8.GetBytes("""{"seq":3}""") }).ShouldBe($"{sent.Name}: seq 3 came before with another body; what came first stays");
        Rejected(assembly, manifest with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(manifest.Body.Span) + " ") }).ShouldBe($"{sent.Name}: a manifest came before with another body; what came first stays");
        Rejected(assembly, chunk with { Payload = chunk.Payload! with { Sha256 = new string('0', 64) } }).ShouldBe($"{sent.Name}: payloads/2.json came before with another sha256; what came first stays");
        assembly.IsWhole.ShouldBeTrue();
        sent.ShouldBeWhat(assembly);
    }

    [Fact]
    public void What_does_not_fit_is_rejected_with_its_reason()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();
        var chunk = sent.Records.First(static record => record.PayloadNumber == 1);
        assembly.Add(chunk).Fate.ShouldBe(RecordFate.Accepted);

        Rejected(assembly, Line(sent, 3) with { Seq = 4 }).ShouldBe($"{sent.Name}: the line of seq 4 says that it has seq 3");
        Rejected(assembly, Text(sent, 4, "{}")).ShouldBe($"{sent.Name}: the line of seq 4 is no raw event: it has no seq");
        Rejected(assembly, Text(sent, 4, "[]")).ShouldBe($"{sent.Name}: the line of seq 4 is no raw event: it is no JSON object");
        Rejected(assembly, Text(sent, 4, "")).ShouldBe($"{sent.Name}: the line of seq 4 is no raw event: it is no JSON");
        Rejected(assembly, Text(sent, 4, "{\"seq\":4}\n{}")).ShouldBe($"{sent.Name}: the line of seq 4 has a line end in it");
        Rejected(assembly, new BundleRecord { Kind = BundleRecordKind.Manifest, Bundle = sent.Name, Body = "{}"u8.ToArray() }).ShouldContain("the manifest cannot be parsed");
        Rejected(assembly, chunk with { Chunk = 2, Body = "!!!"u8.ToArray() }).ShouldBe($"{sent.Name}: chunk 2 of payloads/1.json is no base64");
        Rejected(assembly, chunk with { Chunk = 2, Payload = chunk.Payload! with { Chunks = 3 } }).ShouldContain("chunk 2 of payloads/1.json does not fit the file");
        Rejected(assembly, chunk with { PayloadNumber = 9, Payload = chunk.Payload! with { Bytes = 1L << 40 } }).ShouldContain("more than the limit of 1073741824");
        Rejected(assembly, chunk with { PayloadNumber = 9, Payload = chunk.Payload! with { Chunks = int.MaxValue } }).ShouldContain("does not fit the file");
        Should.Throw<ArgumentException>(() => assembly.Add(chunk with { Bundle = "another" }));

        AddAll(assembly, sent.Records);
        sent.ShouldBeWhat(assembly);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_chunk_that_completes_a_wrong_file_is_rejected_and_all_its_chunks_may_come_again(bool isKilled)
    {
        using var sent = new SentBundle(chunkBytes: 20);
        var assembly = sent.Open();
        var chunks = sent.Records.Where(static record => record.PayloadNumber == 1).ToList();
        AddAll(assembly, [chunks[0] with { Body = chunks[1].Body }, .. chunks.Skip(1).SkipLast(1)]);

        Rejected(assembly, chunks[^1]).ShouldContain("payloads/1.json has the SHA-256");

        if (isKilled)
        {
            assembly.Dispose();
            assembly = sent.Open();
        }

        using (assembly)
        {
            foreach (var record in sent.Records)
            {
                assembly.Add(record).Fate.ShouldBe(RecordFate.Accepted);
            }

            sent.ShouldBeWhat(assembly);
        }
    }

    [Fact]
    public void A_rollout_without_end_is_not_whole_and_has_no_hole()
    {
        using var sent = new SentBundle(hasEnd: false);
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records);

        assembly.IsWhole.ShouldBeFalse();
        assembly.Hole.ShouldBeNull();
        sent.ShouldBeWhat(assembly);
        assembly.Pack(Path.Join(sent.Work, "open.rollout.tar.zst")).Files.ShouldBe(5);
    }

    [Fact]
    public void An_event_of_a_kind_to_come_is_kept()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records.Where(static record => record.Seq != 2));

        assembly.Add(Text(sent, 2, """{"schema_version":1,"seq":2,"payload":{"type":"from_tomorrow"}}""")).Fate.ShouldBe(RecordFate.Accepted);

        assembly.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void A_seq_that_is_beyond_all_bounds_costs_nothing()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();

        assembly.Add(Text(sent, long.MaxValue, $$"""{"seq":{{long.MaxValue}}}""")).Fate.ShouldBe(RecordFate.Accepted);

        assembly.Hole!.MissingSeq.ShouldBe([new MissingSeq(1, long.MaxValue - 1)]);
    }

    [Fact]
    public void A_disk_that_refuses_loses_nothing_that_was_flushed()
    {
        using var sent = new SentBundle();
        using var assembly = sent.Open();
        AddAll(assembly, sent.Records.Take(3));
        assembly.Flush();
        assembly.Close();
        File.Move(Path.Join(sent.Spool, JournalFile.FileName), Path.Join(sent.Work, "elsewhere"));
        Directory.CreateDirectory(Path.Join(sent.Spool, JournalFile.FileName));

        assembly.Add(sent.Records[3]).Fate.ShouldBe(RecordFate.Accepted);
        Should.Throw<Exception>(assembly.Flush).ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(
            static e => (e is IOException or UnauthorizedAccessException).ShouldBeTrue(e.ToString()));

        Directory.Delete(Path.Join(sent.Spool, JournalFile.FileName));
        File.Move(Path.Join(sent.Work, "elsewhere"), Path.Join(sent.Spool, JournalFile.FileName));
        AddAll(assembly, sent.Records);
        sent.ShouldBeWhat(assembly);
    }

    private static void AddAll(BundleAssembly assembly, IEnumerable<BundleRecord> records)
    {
        foreach (var record in records)
        {
            assembly.Add(record).Reason.ShouldBeNull();
        }
    }

    private static string Rejected(BundleAssembly assembly, BundleRecord record)
    {
        var outcome = assembly.Add(record);
        outcome.Fate.ShouldBe(RecordFate.Rejected);
        return outcome.Reason.ShouldNotBeNull();
    }

    private static BundleRecord Line(SentBundle sent, long seq) => sent.Records.First(record => record.Seq == seq);

    private static BundleRecord Text(SentBundle sent, long seq, string text) =>
        new() { Kind = BundleRecordKind.RawEvent, Bundle = sent.Name, Seq = seq, Body = Encoding.UTF8.GetBytes(text) };

    // Cut off behind what was flushed, or filled with what the device had there.
    private static void Tear(string journal, long safe, Random random)
    {
        using var file = File.Open(journal, FileMode.Open);
        var to = safe + random.NextInt64(file.Length - safe + 1);
        if (random.Next(2) == 0)
        {
            file.SetLength(to);
            return;
        }

        file.Position = to;
        file.Write(new byte[file.Length - to]);
    }
}
