using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Packing;

/// <summary>
/// Goes from block to block of the zstd frames in a file by what each says of its length, which takes a look at a few bytes of each and unpacks nothing. Not safe for
/// concurrent use.
/// </summary>
internal sealed class FrameLengths
{
    private const int BlockHeaderBytes = 3;
    private const int ChecksumBytes = 4;
    private const int SkippableHeaderBytes = 8;
    private const int RepeatedKind = 1;
    private const int UnknownKind = 3;

    private readonly SafeFileHandle file;
    private readonly long length;

    // Blocks that say again what is far away take a dozen bytes each, so many of them are read at once.
    private readonly byte[] read = new byte[1 << 12];
    private long readFrom;
    private int readBytes;

    private FrameLengths(SafeFileHandle file)
    {
        this.file = file;
        length = RandomAccess.GetLength(file);
    }

    /// <summary>Whether a file ends in the middle of a frame. What is no frame, or damaged, is not cut.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsCut(SafeFileHandle file)
    {
        var lengths = new FrameLengths(file);
        long at = 0;
        while (at < lengths.length)
        {
            if (lengths.EndOfFrame(at) is not { } end)
            {
                return false;
            }

            at = end;
        }

        return at > lengths.length;
    }

    // Where it should end, which may be behind the end of the file; null if it is none, or damaged.
    private long? EndOfFrame(long at)
    {
        var head = Read(at, ZstdFrameHeader.MaxBytes);
        if (head.Length < SkippableHeaderBytes)
        {
            return length + 1;
        }

        if (ZstdFrameHeader.IsSkippable(head))
        {
            return at + ZstdFrameHeader.SkippableBytes(head);
        }

        if (!ZstdFrameHeader.IsFrame(head))
        {
            return null;
        }

        if (!ZstdFrameHeader.IsWhole(head))
        {
            return length + 1;
        }

        var checksum = ZstdFrameHeader.HasChecksum(head) ? ChecksumBytes : 0;
        at += ZstdFrameHeader.LengthOf(head);
        while (true)
        {
            var block = Read(at, BlockHeaderBytes);
            if (block.Length < BlockHeaderBytes)
            {
                return length + 1;
            }

            var (isLast, kind, size) = (block[0] & 1, (block[0] >> 1) & 3, (block[0] | (block[1] << 8) | (block[2] << 16)) >> 3);
            if (kind == UnknownKind)
            {
                return null;
            }

            at += BlockHeaderBytes + (kind == RepeatedKind ? 1 : size);
            if (isLast != 0)
            {
                return at + checksum;
            }
        }
    }

    private ReadOnlySpan<byte> Read(long at, int bytes)
    {
        if (at < readFrom || at + bytes > readFrom + readBytes)
        {
            (readFrom, readBytes) = (at, at < length ? RandomAccess.Read(file, read, at) : 0);
        }

        return read.AsSpan((int)(at - readFrom), (int)Math.Min(bytes, readFrom + readBytes - at));
    }
}
