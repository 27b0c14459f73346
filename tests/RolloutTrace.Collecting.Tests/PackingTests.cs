using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Packing;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Tests;

/// <summary>A bundle is packed out of its journal.</summary>
public sealed class PackingTests
{
    // Payloads of up to a megabyte: of some a chunk is more than is kept in memory, of others hundreds are.
    [Fact]
    public void It_is_what_packing_its_files_gives_byte_for_byte_in_whatever_order_they_came() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Gen.Elements(PayloadEncoding.Utf8, PayloadEncoding.Base64, PayloadEncoding.Gzip).ToArbitrary(), (seed, encoding) =>
        {
            var random = new Random(seed);
            using var sent = new SentBundle(requests: 4, chunkBytes: random.Next(2) == 0 ? 1_000 : 300_000, encoding, repeats: random.Next(3) == 0 ? 60_000 : 500);
            using var assembly = sent.Open();
            var records = sent.Records.Concat(sent.Records.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(records);
            foreach (var record in records)
            {
                assembly.Add(record).Fate.ShouldNotBe(RecordFate.Rejected);
                switch (random.Next(30))
                {
                    case 0:
                        assembly.Close();
                        break;
                    case 1:
                        assembly.Flush();
                        break;
                }
            }

            var packed = Path.Join(sent.Work, "of-journal");
            var result = assembly.Pack(packed);
            sent.ShouldBeWhat(assembly);

            // The name in it is that of the directory.
            var files = Path.Join(sent.Work, "files", sent.Name);
            assembly.WriteTo(files);
            var direct = Path.Join(sent.Work, "of-files");
            BundlePacker.Pack(files, direct);
            File.ReadAllBytes(packed).ShouldBe(File.ReadAllBytes(direct));
            result.ShouldBe(new PackResult { Path = packed, Files = 6, Bytes = Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length), PackedBytes = new FileInfo(direct).Length });
            Directory.GetFileSystemEntries(sent.Spool).ShouldBe([Path.Join(sent.Spool, JournalFile.FileName)]);
        }).ShouldHold(40);

    [Theory]
    [InlineData(PayloadEncoding.Utf8)]
    [InlineData(PayloadEncoding.Gzip)]
    public void A_journal_that_somebody_has_changed_gives_no_other_payload(string encoding)
    {
        using var sent = new SentBundle(requests: 2, chunkBytes: 100_000, encoding);
        using var assembly = sent.Open();
        foreach (var record in sent.Records)
        {
            assembly.Add(record);
        }

        assembly.Flush();
        assembly.Close();
        var journal = Path.Join(sent.Spool, JournalFile.FileName);
        var bytes = File.ReadAllBytes(journal);
        var second = sent.Records.Single(static record => record.PayloadNumber == 2).Body.ToArray();
        var body = encoding == PayloadEncoding.Utf8 ? second : Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(second));
        bytes[bytes.AsSpan().IndexOf(body) + (body.Length / 2)] ^= 1;
        File.WriteAllBytes(journal, bytes);

        var packed = Path.Join(sent.Work, "packed");
        File.WriteAllText(packed, "what was there");
        Should.Throw<IOException>(() => assembly.Pack(packed)).Message.ShouldBe($"{sent.Spool}/payloads/2.json: is not what it was when it came: somebody has changed the journal");
        Should.Throw<IOException>(() => assembly.WriteTo(Path.Join(sent.Work, "made"))).Message.ShouldContain("payloads/2.json");

        File.ReadAllText(packed).ShouldBe("what was there");
        Directory.Exists(Path.Join(sent.Work, "made")).ShouldBeFalse();
        Directory.GetFileSystemEntries(sent.Spool).ShouldBe([journal]);
    }
}
