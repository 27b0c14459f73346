using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>
/// Makes blocks of a zstd frame of texts whose matches are known. zstd puts them into a frame for each text, out of which they are taken: they need nothing of the blocks
/// before them but the bytes that they refer to. Not safe for concurrent use.
/// </summary>
internal sealed unsafe class TextBlocks : SafeHandle
{
    private const int FrameHeaderBytes = 6;
    private const int BlockHeaderBytes = 3;
    private const int SmallestLog = 6;

    // Of less zstd has no room for a sequence.
    private const int LeastCompressed = 16;
    private const int WindowLog = 17;

    private readonly List<ZSTD_Sequence> found = [];
    private readonly byte[] frame = new byte[(int)Methods.ZSTD_compressBound((nuint)NewText.MostAtOnce)];

    /// <exception cref="IOException">There is no memory.</exception>
    public TextBlocks()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle((nint)ZstdMemory.CreateCompressor());

        // It has nothing to look for itself, so its tables are as small as may be.
        Set(ZSTD_cParameter.ZSTD_c_strategy, (int)ZSTD_strategy.ZSTD_fast);
        Set(ZSTD_cParameter.ZSTD_c_windowLog, WindowLog);
        Set(ZSTD_cParameter.ZSTD_c_hashLog, SmallestLog);
        Set(ZSTD_cParameter.ZSTD_c_chainLog, SmallestLog);
        Set(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
        Set(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
    }

    public override bool IsInvalid => handle == 0;

    private ZSTD_CCtx_s* Context => (ZSTD_CCtx_s*)handle;

    /// <summary>Writes the blocks of what is pending of a text.</summary>
    /// <exception cref="IOException">It cannot be compressed or written.</exception>
    public void Write(NewText text, Stream output)
    {
        var pending = text.Pending;
        found.Clear();
        text.Find(found);
        if (pending.Length < LeastCompressed)
        {
            Span<byte> header = [(byte)(pending.Length << 3), 0, 0];
            output.Write(header);
            output.Write(pending);
            return;
        }

        var rest = frame.AsSpan(FrameHeaderBytes, Compress(pending) - FrameHeaderBytes);
        while (rest.Length > 0)
        {
            var header = rest[0] | (rest[1] << 8) | (rest[2] << 16);

            // One of the second kind says only which byte is repeated. The last one of its frame is not the last one here.
            var length = BlockHeaderBytes + (((header >> 1) & 3) == 1 ? 1 : header >> 3);
            rest[0] &= 0xFE;
            output.Write(rest[..length]);
            rest = rest[length..];
        }
    }

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeCCtx(Context);
        return true;
    }

    private int Compress(ReadOnlySpan<byte> text)
    {
        // zstd asks for an address also where there are none.
        var count = found.Count;
        found.Add(default);
        fixed (byte* from = text)
        fixed (byte* to = frame)
        fixed (ZSTD_Sequence* matches = CollectionsMarshal.AsSpan(found))
        {
            var length = Methods.ZSTD_compressSequences(Context, to, (nuint)frame.Length, matches, (nuint)count, from, (nuint)text.Length);
            return Methods.ZSTD_isError(length) ? throw Failure(length) : (int)length;
        }
    }

    private void Set(ZSTD_cParameter parameter, int value)
    {
        var result = Methods.ZSTD_CCtx_setParameter(Context, parameter, value);
        if (Methods.ZSTD_isError(result))
        {
            throw Failure(result);
        }
    }

    private static IOException Failure(nuint code) => new($"it cannot be compressed: {Methods.ZSTD_getErrorName(code)}");
}
