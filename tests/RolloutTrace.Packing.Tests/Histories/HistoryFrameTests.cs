using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RolloutTrace.Packing.Tests.Histories;

public sealed class HistoryFrameTests : IDisposable
{
    // So small that what is far away is not referred to.
    private const int WindowLog = 18;

    private readonly PackingDirectory directory = new();

    private enum Kind
    {
        Words,
        Noise,
        Zeros,
        Again,
        AgainFromTheBeginning,
        AgainTheNewest,
        Flush,
    }

    [Fact]
    public void What_was_written_is_read_and_after_each_flush_up_to_there() =>
        Prop.ForAll(Steps().ToArbitrary(), static steps =>
        {
            var (frame, content, flushed) = Written(steps);
            Decoded(frame).ShouldBe(content);
            foreach (var (bytes, length) in flushed.TakeLast(3))
            {
                Decoded(frame[..bytes]).ShouldBe(content[..length]);
            }

            return true;
        }).ShouldHold(60, endSize: 40);

    [Fact]
    public void Cut_off_anywhere_what_is_read_is_what_it_began_with()
    {
        var (frame, content, flushed) = Written([(Kind.Words, 9000, 1), (Kind.Flush, 0, 0), (Kind.AgainFromTheBeginning, 9000, 0), (Kind.Words, 300, 2), (Kind.Flush, 0, 0), (Kind.Noise, 200, 3), (Kind.AgainTheNewest, 7000, 0)]);
        for (var length = 0; length < frame.Length; length++)
        {
            var decoded = Decoded(frame[..length]);
            content.AsSpan().StartsWith(decoded).ShouldBeTrue($"cut at {length}");
            decoded.Length.ShouldBeGreaterThanOrEqualTo(flushed.Where(flush => flush.Bytes <= length).Select(static flush => flush.Length).LastOrDefault(), $"cut at {length}");
        }
    }

    [Theory]
    [InlineData(131)]
    [InlineData(132)]
    [InlineData((1 << 11) - 1)]
    [InlineData(1 << 11)]
    [InlineData((1 << 17) - 1)]
    [InlineData(1 << 17)]
    [InlineData((1 << 17) + 1)]
    [InlineData((1 << 17) + 130)]
    [InlineData((1 << 17) + 131)]
    [InlineData((1 << 18) - 7)]
    public void What_stands_in_it_already_may_have_any_length(int length)
    {
        var (frame, content, _) = Written([(Kind.Noise, length, 1), (Kind.Words, 5, 2), (Kind.AgainFromTheBeginning, length, 0), (Kind.Words, 50, 3)]);
        Decoded(frame).ShouldBe(content);
    }

    // As when pictures are sent again with each request.
    [Fact]
    public void Large_requests_that_are_repeated_whole_are_not_taken_for_a_bomb()
    {
        using var output = new MemoryStream();
        using var frame = new HistoryFrame(output, PackedFormat.MaxWindowLog);
        var request = new byte[8 << 20];
        frame.Write(request);
        for (var n = 0; n < 40; n++)
        {
            frame.WriteAgain(request, frame.Position - request.Length);
            frame.Flush();
        }

        frame.End();

        frame.Position.ShouldBeGreaterThan(PackedFormat.AlwaysUnpacked);
        frame.Position.ShouldBeLessThan(PackedFormat.MostUnpacked(output.Length));
        (output.Length * 5_000).ShouldBeLessThan(frame.Position);
    }

    [Fact]
    public void A_checksum_that_is_wrong_is_seen()
    {
        var (frame, _, _) = Written([(Kind.Words, 5000, 1), (Kind.AgainFromTheBeginning, 5000, 0)]);
        frame[^1] ^= 1;
        Should.Throw<InvalidDataException>(() => Decoded(frame)).Message.ShouldContain("checksum");
    }

    [Fact]
    public void A_history_that_grows_takes_little_more_than_what_is_new_compressed()
    {
        var steps = new List<(Kind, int, int)>();
        for (var n = 0; n < 40; n++)
        {
            steps.AddRange([(Kind.AgainTheNewest, 60000 + (n * 300), 0), (Kind.Words, 300, n), (Kind.Flush, 0, 0)]);
        }

        var (frame, content, _) = Written([(Kind.Words, 60000, 99), .. steps]);
        Decoded(frame).ShouldBe(content);
        var (alone, _, _) = Written([(Kind.Words, 60000, 99), .. steps.Where(static step => step.Item1 == Kind.Words)]);
        (frame.Length - alone.Length).ShouldBeLessThan(40 * 200);
    }

    [ZstdToolFact]
    public void The_tool_zstd_reads_it_and_finds_its_checksum_right()
    {
        var steps = Steps().Sample(12, 1)[0];
        var (frame, content, _) = Written([(Kind.Words, 200_000, 1), (Kind.AgainFromTheBeginning, 190_000, 0), .. steps, (Kind.AgainTheNewest, 30_000, 0)]);
        var path = directory.Place("frame.zst");
        File.WriteAllBytes(path, frame);
        ZstdTools.Run("zstd", "-d", "-q", path, "-o", directory.Place("frame")).ShouldBe(0);
        File.ReadAllBytes(directory.Place("frame")).ShouldBe(content);
    }

    public void Dispose() => directory.Dispose();

    private static Gen<(Kind Kind, int Length, int Seed)[]> Steps() =>
        (from kind in Gen.Elements(Enum.GetValues<Kind>())
         from length in Gen.Frequency((2, Gen.Choose(1, 20)), (3, Gen.Choose(1, 700)), (3, Gen.Choose(2000, 9000)), (1, Gen.Choose(60_000, 140_000)), (1, Gen.Elements(1 << 16, (1 << 16) + 1, 1 << 17, (1 << 17) + 1)))
         from seed in Gen.Choose(0, 5)
         select (kind, length, seed)).ArrayOf();

    private static (byte[] Frame, byte[] Content, List<(int Bytes, int Length)> Flushed) Written((Kind Kind, int Length, int Seed)[] steps)
    {
        using var output = new MemoryStream();
        using var content = new MemoryStream();
        using var frame = new HistoryFrame(output, WindowLog);
        var flushed = new List<(int, int)>();
        foreach (var (kind, length, seed) in steps)
        {
            var before = content.ToArray();
            if (kind == Kind.Flush)
            {
                frame.Flush();
                flushed.Add(((int)output.Length, before.Length));
                continue;
            }

            if (kind is Kind.Again or Kind.AgainFromTheBeginning or Kind.AgainTheNewest)
            {
                var from = kind switch { Kind.AgainFromTheBeginning => 0, Kind.AgainTheNewest => Math.Max(0, before.Length - length), _ => before.Length / 3 };
                var again = before.AsSpan(from, Math.Min(length, before.Length - from));
                frame.WriteAgain(again, from);
                content.Write(again);
            }
            else
            {
                var text = Text(kind, length, seed);
                frame.Write(text);
                content.Write(text);
            }

            frame.Position.ShouldBe(content.Length);
        }

        frame.End();
        return (output.ToArray(), content.ToArray(), flushed);
    }

    private static byte[] Text(Kind kind, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        if (kind == Kind.Noise)
        {
            random.NextBytes(bytes);
        }
        else if (kind == Kind.Words)
        {
            var text = new StringBuilder();
            while (text.Length < length)
            {
                text.Append((char)('a' + random.Next(26)), random.Next(1, 3)).Append(random.Next(300)).Append(" and some words ");
            }

            Encoding.ASCII.GetBytes(text.ToString(0, length), bytes);
        }

        return bytes;
    }

    // As far as it goes.
    private static byte[] Decoded(byte[] frame)
    {
        using var decoder = new ZstdDecoder(WindowLog);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        var isEnded = false;
        for (var at = 0; !isEnded;)
        {
            isEnded = decoder.Decode(frame.AsSpan(at), buffer, out var consumed, out var written);
            at += consumed;
            content.Write(buffer, 0, written);
            if (consumed == 0 && written == 0)
            {
                break;
            }
        }

        return content.ToArray();
    }
}
