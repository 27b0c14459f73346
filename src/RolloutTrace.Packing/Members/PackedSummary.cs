using System.Buffers.Binary;
using System.Security.Cryptography;
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
        if (file is null)
        {
            return null;
        }

        var length = RandomAccess.GetLength(file);
        Span<byte> footer = stackalloc byte[FooterBytes];
        if (length < FooterBytes + HeaderBytes + ChecksumBytes || RandomAccess.Read(file, footer, length - FooterBytes) < FooterBytes || !footer.EndsWith(Mark))
        {
            return null;
        }

        var bytes = BinaryPrimitives.ReadInt32LittleEndian(footer[HashBytes..]);
        var from = length - FooterBytes - bytes - HeaderBytes - ChecksumBytes;
        if (bytes is < 0 or > MaxBytes || from < 0)
        {
            return null;
        }

        var whole = new byte[ChecksumBytes + HeaderBytes + bytes];
        if (RandomAccess.Read(file, whole, from) < whole.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(whole.AsSpan(ChecksumBytes)) != SkippableMagic
            || BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(ChecksumBytes + 4)) != bytes + FooterBytes)
        {
            return null;
        }

        var summary = whole[(ChecksumBytes + HeaderBytes)..];
        return Hash(summary, whole.AsSpan(0, ChecksumBytes)).AsSpan(0, HashBytes).SequenceEqual(footer[..HashBytes]) ? summary : null;
    }

    private static byte[] Hash(ReadOnlySpan<byte> summary, ReadOnlySpan<byte> checksum) => SHA256.HashData([.. checksum, .. summary]);
}
