using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>Writes one zstd frame with a checksum, for readers that find far what is repeated. Not safe for concurrent use.</summary>
internal sealed class ZstdWriter : PayloadFrame
{
    private const int OutputBytes = 1 << 17;

    // What requests repeat is long, so it is found by few places that are remembered; but some must be left behind what lies between.
    private const int FastHashLog = 18;

    private readonly Stream output;
    private readonly Compressor compressor;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(OutputBytes);
    private bool isDisposed;

    /// <param name="output">Where to; it stays the caller's.</param>
    /// <param name="level">How hard to try.</param>
    /// <param name="windowLog">How far back to look, as a power of two.</param>
    /// <param name="length">How much will be written; null if nobody knows.</param>
    /// <param name="isFast">Whether to look for what is repeated without long distance matching: several times as fast, and as good for what begins as something before it.</param>
    public ZstdWriter(Stream output, int level, int windowLog, long? length, bool isFast = false)
    {
        this.output = output;
        compressor = new Compressor(level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, windowLog);
        if (isFast)
        {
            compressor.SetParameter(ZSTD_cParameter.ZSTD_c_hashLog, FastHashLog);
        }

        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_enableLongDistanceMatching, isFast ? 2 : 1);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        if (length is { } known)
        {
            compressor.SetPledgedSrcSize((ulong)known);
        }
    }

    public override void Write(ReadOnlySpan<byte> content)
    {
        Position += content.Length;
        while (content.Length > 0)
        {
            compressor.WrapStream(content, buffer, out var consumed, out var written, isFinalBlock: false);
            content = content[consumed..];
            output.Write(buffer, 0, written);
        }
    }

    public override void Flush() => Flush(isEnd: false);

    public override void End() => Flush(isEnd: true);

    public override void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            compressor.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Flush(bool isEnd)
    {
        OperationStatus status;
        do
        {
            status = compressor.FlushStream(buffer, out var written, isEnd);
            output.Write(buffer, 0, written);
        }
        while (status == OperationStatus.DestinationTooSmall);
    }
}
