namespace RolloutTrace.Packing.Tests.Zstd;

public sealed class ZstdDecoderTests
{
    private const int WindowLog = 22;
    private const int Distance = (1 << WindowLog) - (1 << 18);

    // More than the window, and what comes again stands near its far end: the decoder goes through all of its memory, in small pages and in large ones.
    [Fact]
    public void Content_that_refers_back_as_far_as_the_window_goes_comes_out_as_it_was()
    {
        var content = new byte[(3 << WindowLog) + 12_345];
        new Random(1).NextBytes(content.AsSpan(0, Distance));
        for (var at = Distance; at < content.Length; at++)
        {
            content[at] = content[at - Distance];
        }

        var (shorter, longer) = (Frame(content), Frame(content, WindowLog + 1));
        shorter.Length.ShouldBeLessThan(content.Length / 2);

        // What one had in memory is the next one's, where it has the same size.
        foreach (var frame in (byte[][])[shorter, shorter, longer, shorter])
        {
            using var decoder = new ZstdDecoder(WindowLog + 1);
            var (given, from) = (0, 0);
            var output = new byte[70_001];
            bool isEnded;
            do
            {
                isEnded = decoder.Decode(frame.AsSpan(from), output, out var consumed, out var written);
                output.AsSpan(0, written).SequenceEqual(content.AsSpan(given, written)).ShouldBeTrue();
                given += written;
                from += consumed;
            }
            while (!isEnded);

            given.ShouldBe(content.Length);
        }
    }

    [Fact]
    public void Window_that_is_more_than_allowed_is_damage()
    {
        var frame = Frame(new byte[(1 << WindowLog) + 1]);
        using var decoder = new ZstdDecoder(WindowLog - 1);

        Should.Throw<InvalidDataException>(() => decoder.Decode(frame, new byte[100], out _, out _)).Message.ShouldContain("it is damaged");
    }

    // Nobody knows how long it will be, so the window is what it says.
    private static byte[] Frame(byte[] content, int windowLog = WindowLog)
    {
        using var output = new MemoryStream();
        using (var writer = new ZstdWriter(output, level: 3, windowLog, length: null))
        {
            writer.Write(content);
            writer.End();
        }

        return output.ToArray();
    }
}
