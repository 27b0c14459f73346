using System.IO.Compression;

namespace RolloutTrace.Bundle;

/// <summary>Tells archives by how they begin: their names may say anything.</summary>
internal static class ArchiveFormats
{
    private const int TarMagicOffset = 257;
    private const int HeaderBytes = 512;
    private const int TarChecksumOffset = 148;
    private const int TarChecksumBytes = 8;

    /// <summary>The format of a file, which is at its beginning again afterwards.</summary>
    public static ArchiveFormat Of(Stream file)
    {
        var header = Head(file);
        var format = header.AsSpan() switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveFormat.Zip,
            [0x1f, 0x8b, ..] => IsGzippedTar(file) ? ArchiveFormat.GzippedTar : ArchiveFormat.None,
            _ => IsTar(header) ? ArchiveFormat.Tar : ArchiveFormat.None,
        };
        file.Position = 0;
        return format;
    }

    private static bool IsGzippedTar(Stream file)
    {
        file.Position = 0;
        using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        return IsTar(Head(gzip));
    }

    private static bool IsTar(ReadOnlySpan<byte> header) => header.Length == HeaderBytes && (header[TarMagicOffset..].StartsWith("ustar"u8) || HasTarChecksum(header));

    // The oldest form has no word of its own: its header adds up.
    private static bool HasTarChecksum(ReadOnlySpan<byte> header)
    {
        var field = header.Slice(TarChecksumOffset, TarChecksumBytes);
        var sum = (long)' ' * TarChecksumBytes;
        for (var i = 0; i < header.Length; i++)
        {
            sum += i is >= TarChecksumOffset and < TarChecksumOffset + TarChecksumBytes ? 0 : header[i];
        }

        var said = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            said = digit is >= (byte)'0' and <= (byte)'7' ? (said << 3) + (digit - '0') : -1;
            if (said < 0)
            {
                return false;
            }
        }

        return said == sum;
    }

    private static byte[] Head(Stream stream)
    {
        var header = new byte[HeaderBytes];
        return header[..stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false)];
    }
}
