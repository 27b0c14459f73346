using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// What stands behind a packed rollout for those who list many: a zstd frame that readers pass over, with any bytes, and a footer by
/// which it is found from the end and known to belong to what is before it.
/// </summary>
internal static class PackedSummary
{
    /// <summary>The longest.</summary>
    public const int MaxBytes = 1 << 16;

    private const uint SkippableMagic = 0x184D2A5D;
    private const int HeaderBytes = 8;
    private const int ChecksumBytes = 4;
    private const int HashBytes = 16;
    private const int FooterBytes = HashBytes + 4 + 4;

    // With nothing in it, and the checksum before it.
    private const int FrameBytes = ChecksumBytes + HeaderBytes + FooterBytes;
    private const int UsualBytes = 2048;

    private static ReadOnlySpan<byte> Mark => "RTs1"u8;

    /// <summary>The frame.</summary>
    /// <param name="summary">The bytes.</param>
    /// <param name="checksum">The last four bytes of the packed rollout's own frame.</param>
    public static byte[] Frame(ReadOnlySpan<byte> summary, ReadOnlySpan<byte> checksum)
    {
        var frame = new byte[HeaderBytes + summary.Length + FooterBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, SkippableMagic);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), summary.Length + FooterBytes);
        summary.CopyTo(frame.AsSpan(HeaderBytes));
        var footer = frame.AsSpan(HeaderBytes + summary.Length);
        Hash(summary, checksum).AsSpan(0, HashBytes).CopyTo(footer);
        BinaryPrimitives.WriteInt32LittleEndian(footer[HashBytes..], summary.Length);
        Mark.CopyTo(footer[(HashBytes + 4)..]);
        return frame;
    }

    /// <summary>Writes it behind a packed rollout; too much, or nothing, is left out.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Append(UnfinishedFile file, byte[]? summary)
    {
        if (summary is { Length: > 0 and <= MaxBytes })
        {
            file.Stream.Write(Frame(summary, file.ReadLast(ChecksumBytes)));
        }
    }

    /// <summary>Reads the bytes from the end of a file; null if there are none, or they do not belong to what is before them.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? Read(string path)
    {
        using var file = PlainFile.Open(path);
        return file is null ? null : Read(file);
    }

    /// <summary>Reads the bytes from the end of an open file, as <see cref="Read(string)"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? Read(SafeFileHandle file)
    {
        // One read takes what nearly all have.
        Span<byte> room = stackalloc byte[UsualBytes];
        var length = RandomAccess.GetLength(file);
        var tail = room[..(int)Math.Min(room.Length, length)];
        if (length < FrameBytes || RandomAccess.Read(file, tail, length - tail.Length) < tail.Length || !tail.EndsWith(Mark))
        {
            return null;
        }

        var bytes = BinaryPrimitives.ReadInt32LittleEndian(tail[^(FooterBytes - HashBytes)..]);
        var needed = (long)FrameBytes + bytes;
        if (bytes is < 0 or > MaxBytes || needed > length)
        {
            return null;
        }

        if (needed > tail.Length)
        {
            tail = new byte[needed];
            if (RandomAccess.Read(file, tail, length - needed) < needed)
            {
                return null;
            }
        }

        return Parse(tail[^(int)needed..]);
    }

    // From the checksum before the frame to the frame's end.
    private static byte[]? Parse(ReadOnlySpan<byte> frame)
    {
        var header = frame[ChecksumBytes..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != SkippableMagic || BinaryPrimitives.ReadInt32LittleEndian(header[4..]) != header.Length - HeaderBytes)
        {
            return null;
        }

        var summary = header[HeaderBytes..^FooterBytes];
        return Hash(summary, frame[..ChecksumBytes]).AsSpan(0, HashBytes).SequenceEqual(header[^FooterBytes..][..HashBytes]) ? summary.ToArray() : null;
    }

    private static byte[] Hash(ReadOnlySpan<byte> summary, ReadOnlySpan<byte> checksum) => SHA256.HashData([.. checksum, .. summary]);
}
