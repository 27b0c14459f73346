using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Records;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Records;

public sealed class PayloadSplitTests
{
    [Fact]
    public void Any_bytes_come_back_from_their_chunks() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(0, 4).ToArbitrary(), (bytes, repeats) => ComesBack(Repeated(bytes, repeats))).ShouldHold(200);

    [Fact]
    public void Any_text_comes_back_from_its_chunks() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>().Filter(static text => text is not null), Gen.Choose(0, 4).ToArbitrary(), (text, repeats) => ComesBack(Repeated(Encoding.UTF8.GetBytes(text), repeats))).ShouldHold(200);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000_000, 1)]
    [InlineData(1_000_001, 2)]
    [InlineData(2_500_000, 3)]
    public void Text_that_does_not_become_smaller_is_cut_at_a_million_bytes(int length, int chunks)
    {
        var split = PayloadSplit.Of(RandomText(length));

        split.Facts.Encoding.ShouldBe(PayloadEncoding.Utf8);
        split.Chunks.Count().ShouldBe(chunks);
        ComesBack(RandomText(length)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    public void Text_is_cut_between_characters(string character)
    {
        var text = RandomText(999_999).Concat(Encoding.UTF8.GetBytes(character)).Concat(RandomText(700_000)).ToArray();

        var split = PayloadSplit.Of(text);
        var bodies = split.Chunks.Select(static chunk => chunk.Body).ToList();

        split.Facts.Encoding.ShouldBe(PayloadEncoding.Utf8);
        bodies.Count.ShouldBe(2);
        bodies[1].ShouldStartWith(character);
        Encoding.UTF8.GetBytes(string.Concat(bodies)).ShouldBe(text);
    }

    [Fact]
    public void What_is_no_text_is_base64_and_each_chunk_by_itself()
    {
        var bytes = new byte[1_600_000];
        new Random(7).NextBytes(bytes);

        var split = PayloadSplit.Of(bytes);

        split.Facts.Encoding.ShouldBe(PayloadEncoding.Base64);
        split.Chunks.Select(static chunk => Convert.FromBase64String(chunk.Body).Length).ShouldBe([750_000, 750_000, 100_000]);
        ComesBack(bytes).ShouldBeTrue();
    }

    [Fact]
    public void What_repeats_itself_is_sent_compressed()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the same again, ", 100_000)));

        var split = PayloadSplit.Of(text);

        split.Facts.Encoding.ShouldBe(PayloadEncoding.Gzip);
        split.Chunks.Sum(static chunk => chunk.Body.Length).ShouldBeLessThan(text.Length / 20);
        ComesBack(text).ShouldBeTrue();
    }

    [Fact]
    public void A_file_that_is_not_what_its_chunks_say_is_told()
    {
        var file = Encoding.UTF8.GetBytes("{\"a\":1}");
        var facts = PayloadSplit.Of(file).Facts;

        Join(facts, file).ShouldBeNull();
        Join(facts with { Bytes = 6 }, file).ShouldBe("is longer than the 6 bytes that it is said to have");
        Join(facts with { Bytes = 8 }, file).ShouldBe("has 7 bytes, and is said to have 8");
        Join(facts, Encoding.UTF8.GetBytes("{\"a\":2}"))!.ShouldStartWith("has the SHA-256 ");
        Join(facts with { Encoding = PayloadEncoding.Gzip }, file)!.ShouldStartWith("cannot be unzipped: ");
    }

    [Fact]
    public void What_is_no_base64_is_no_chunk()
    {
        var facts = new PayloadFacts { Bytes = 3, Sha256 = new string('0', 64), Encoding = PayloadEncoding.Base64, Chunks = 1 };
        var record = new BundleRecord { Kind = BundleRecordKind.Payload, Bundle = "b", Body = "!!!"u8.ToArray(), Payload = facts, Chunk = 1, PayloadNumber = 1 };

        PayloadJoin.Decode(record).HasValue.ShouldBeFalse();
        PayloadJoin.Decode(record with { IsBytes = true })!.Value.ToArray().ShouldBe("!!!"u8.ToArray());
        PayloadJoin.Decode(record with { Payload = facts with { Encoding = PayloadEncoding.Utf8 } })!.Value.ToArray().ShouldBe("!!!"u8.ToArray());
    }

    [Fact]
    public void What_unzips_to_more_than_it_should_is_not_unzipped_further()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[50_000_000]);
        }

        using var written = new MemoryStream();
        bomb.Position = 0;

        var wrong = PayloadJoin.Write(new PayloadFacts { Bytes = 10, Sha256 = new string('0', 64), Encoding = PayloadEncoding.Gzip, Chunks = 1 }, bomb, written);

        wrong.ShouldBe("is longer than the 10 bytes that it is said to have");
        written.Length.ShouldBeLessThanOrEqualTo(10);
    }

    private static bool ComesBack(byte[] file)
    {
        var split = PayloadSplit.Of(file);
        var chunks = split.Chunks.ToList();
        if (chunks.Count != split.Facts.Chunks || chunks.Any(static chunk => Encoding.UTF8.GetByteCount(chunk.Body) > PayloadSplit.MaxBodyBytes))
        {
            return false;
        }

        using var joined = new MemoryStream();
        foreach (var chunk in chunks)
        {
            var record = new BundleRecord
            {
                Kind = BundleRecordKind.Payload, Bundle = "b", Body = Encoding.UTF8.GetBytes(chunk.Body), Payload = split.Facts, Chunk = chunk.Number, PayloadNumber = 1,
            };
            joined.Write(PayloadJoin.Decode(record)!.Value.Span);
        }

        using var written = new MemoryStream();
        joined.Position = 0;
        return PayloadJoin.Write(split.Facts, joined, written) is null && written.ToArray().AsSpan().SequenceEqual(file);
    }

    private static string? Join(PayloadFacts facts, byte[] chunks)
    {
        using var stream = new MemoryStream(chunks);
        return PayloadJoin.Write(facts, stream, Stream.Null);
    }

    private static byte[] Repeated(byte[] bytes, int times) => [.. Enumerable.Repeat(bytes, 1 << (4 * times)).Take(20_000).SelectMany(static again => again)];

    // Characters of six bits each, which base64 of their gzip has, too.
    private static byte[] RandomText(int length)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(' ', 127))];
    }
}
