using System.Buffers;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>Writes one zstd frame with a checksum, for readers that find far what is repeated. Not safe for concurrent use.</summary>
internal sealed class ZstdWriter : PayloadFrame
{
    private const int OutputBytes = 1 << 17;

    private readonly Stream output;
    private readonly SpareCompressors? spares;
    private readonly ZstdEncoder encoder;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(OutputBytes);
    private bool hasEnded;
    private bool isDisposed;

    /// <param name="output">Where to; it stays the caller's.</param>
    /// <param name="level">How hard to try.</param>
    /// <param name="windowLog">How far back to look, as a power of two.</param>
    /// <param name="length">How much will be written; null if nobody knows.</param>
    /// <param name="isFast">Whether to look for what is repeated without long distance matching: several times as fast, and as good for what begins as something before it.</param>
    /// <param name="spares">Has compressors of other frames that were written in just this way, and gets this one's; null for one of its own.</param>
    public ZstdWriter(Stream output, int level, int windowLog, long? length, bool isFast = false, SpareCompressors? spares = null)
    {
        this.output = output;
        this.spares = spares;
        encoder = spares?.Take() ?? new ZstdEncoder(level, windowLog, isFast);
        if (length is { } known)
        {
            encoder.SetLength(known);
        }
    }

    public override void Write(ReadOnlySpan<byte> content)
    {
        Position += content.Length;
        while (content.Length > 0)
        {
            encoder.Encode(content, buffer, ZSTD_EndDirective.ZSTD_e_continue, out var consumed, out var written);
            content = content[consumed..];
            output.Write(buffer, 0, written);
        }
    }

    public override void Flush() => Write(ZSTD_EndDirective.ZSTD_e_flush);

    public override void End()
    {
        Write(ZSTD_EndDirective.ZSTD_e_end);
        hasEnded = true;
    }

    public override void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;

            // In the middle of a frame it is of no use to another.
            if (!hasEnded || spares is null || !spares.TryGive(encoder))
            {
                encoder.Dispose();
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Write(ZSTD_EndDirective kind)
    {
        bool isDone;
        do
        {
            isDone = encoder.Encode([], buffer, kind, out _, out var written);
            output.Write(buffer, 0, written);
        }
        while (!isDone);
    }
}
