using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>Makes zstd frames with a checksum, one after another. Not safe for concurrent use.</summary>
internal sealed unsafe class ZstdEncoder : SafeHandle
{
    // What requests repeat is long, so it is found by few places that are remembered; but some must be left behind what lies between.
    private const int FastHashLog = 18;

    /// <param name="level">How hard to try.</param>
    /// <param name="windowLog">How far back to look, as a power of two.</param>
    /// <param name="isFast">Whether to look for what is repeated without long distance matching.</param>
    /// <exception cref="IOException">There is no memory.</exception>
    public ZstdEncoder(int level, int windowLog, bool isFast)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle((nint)ZstdMemory.CreateCompressor());
        Set(ZSTD_cParameter.ZSTD_c_compressionLevel, level);
        Set(ZSTD_cParameter.ZSTD_c_windowLog, windowLog);
        if (isFast)
        {
            Set(ZSTD_cParameter.ZSTD_c_hashLog, FastHashLog);
        }

        Set(ZSTD_cParameter.ZSTD_c_enableLongDistanceMatching, isFast ? 2 : 1);
        Set(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    public override bool IsInvalid => handle == 0;

    private ZSTD_CCtx_s* Context => (ZSTD_CCtx_s*)handle;

    /// <summary>Says how long the next frame's content is.</summary>
    public void SetLength(long length) => Check(Methods.ZSTD_CCtx_setPledgedSrcSize(Context, (ulong)length));

    /// <summary>Goes on with the frame.</summary>
    /// <param name="input">What comes next of the content.</param>
    /// <param name="output">Gets of the frame what there is room for.</param>
    /// <param name="kind">Whether all of it is to be written that can be, or the frame to end.</param>
    /// <param name="consumed">How much of the input was taken.</param>
    /// <param name="written">How much of the output was written.</param>
    /// <returns>Whether nothing is left that this has to write.</returns>
    /// <exception cref="IOException">It cannot be compressed.</exception>
    public bool Encode(ReadOnlySpan<byte> input, Span<byte> output, ZSTD_EndDirective kind, out int consumed, out int written)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var source = new ZSTD_inBuffer_s { src = from, size = (nuint)input.Length };
            var target = new ZSTD_outBuffer_s { dst = to, size = (nuint)output.Length };
            var left = Check(Methods.ZSTD_compressStream2(Context, &target, &source, kind));
            (consumed, written) = ((int)source.pos, (int)target.pos);
            return left == 0;
        }
    }

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeCCtx(Context);
        return true;
    }

    private void Set(ZSTD_cParameter parameter, int value) => Check(Methods.ZSTD_CCtx_setParameter(Context, parameter, value));

    private static nuint Check(nuint result) => Methods.ZSTD_isError(result) ? throw new IOException($"it cannot be compressed: {Methods.ZSTD_getErrorName(result)}") : result;
}
