using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>
/// Decodes one zstd frame and stops at its end, which the library's own class does not: that goes on with the next. Not safe for
/// concurrent use.
/// </summary>
internal sealed unsafe class ZstdDecoder : SafeHandle
{
    /// <param name="maxWindowLog">How far back a frame may refer, as a power of two.</param>
    /// <exception cref="IOException">There is no memory.</exception>
    public ZstdDecoder(int maxWindowLog)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle((nint)ZstdMemory.CreateDecompressor());
        Methods.ZSTD_DCtx_setParameter(Context, ZSTD_dParameter.ZSTD_d_windowLogMax, maxWindowLog);
    }

    public override bool IsInvalid => handle == 0;

    private ZSTD_DCtx_s* Context => (ZSTD_DCtx_s*)handle;

    /// <summary>Decodes on; true at the end of the frame.</summary>
    /// <exception cref="InvalidDataException">The frame is damaged.</exception>
    public bool Decode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var source = new ZSTD_inBuffer_s { src = from, size = (nuint)input.Length };
            var target = new ZSTD_outBuffer_s { dst = to, size = (nuint)output.Length };
            var left = Methods.ZSTD_decompressStream(Context, &target, &source);
            (consumed, written) = ((int)source.pos, (int)target.pos);
            return Methods.ZSTD_isError(left) ? throw Damage(left) : left == 0;
        }
    }

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeDCtx(Context);
        return true;
    }

    private static InvalidDataException Damage(nuint code) => new(
        Methods.ZSTD_getErrorCode(code) == ZSTD_ErrorCode.ZSTD_error_checksum_wrong
            ? "its checksum is wrong: something in it is damaged, and nothing tells what"
            : $"it is damaged: {Methods.ZSTD_getErrorName(code)}");
}
