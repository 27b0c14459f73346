using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Input;

/// <summary>A file that is imported: its beginning to tell what it is, and then all of it, once. A compressed one is what is in it, one of UTF-16 the same in UTF-8.</summary>
internal sealed class InputFile : IDisposable
{
    /// <summary>How much of a file tells what it is.</summary>
    public const int BeginningBytes = 64 << 10;

    private readonly Stream content;
    private readonly byte[] beginning;

    private InputFile(string path, Stream content, byte[] beginning)
    {
        Path = path;
        this.content = content;
        this.beginning = beginning;
    }

    /// <summary>The file, as diagnostics name it.</summary>
    public string Path { get; }

    /// <summary>The first bytes, without a byte order mark; all of a shorter file.</summary>
    public ReadOnlySpan<byte> Beginning => WithoutMark(beginning);

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It is no regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    /// <exception cref="InvalidDataException">It is compressed, and damaged at its beginning.</exception>
    public static InputFile Open(string path)
    {
        var handle = PlainFile.Open(path, FileOptions.SequentialScan);
        Stream file = handle is null ? new MemoryStream() : ToStream(handle);
        try
        {
            var content = file;
            var beginning = ReadBeginning(content);
            if (beginning is [0x1f, 0x8b, ..])
            {
                content = new GZipStream(new ContinuedStream(beginning, file), CompressionMode.Decompress);
                beginning = ReadBeginning(content);
            }

            else if (beginning is [0x28, 0xb5, 0x2f, 0xfd, ..])
            {
                content = new ZstdStream(new ContinuedStream(beginning, file));
                beginning = ReadBeginning(content);
            }

            if (Utf16(beginning) is { } encoding)
            {
                content = Encoding.CreateTranscodingStream(new ContinuedStream(beginning, content), encoding, Encoding.UTF8);
                beginning = ReadBeginning(content);
            }

            return new InputFile(path, content, beginning);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>All of the file from its first byte behind a byte order mark. Can be asked for once.</summary>
    public Stream Read() => new ContinuedStream(Beginning.ToArray(), content);

    public void Dispose() => content.Dispose();

    private static FileStream ToStream(SafeFileHandle handle) => new(handle, FileAccess.Read, bufferSize: 1 << 16);

    private static byte[] ReadBeginning(Stream stream)
    {
        var buffer = new byte[BeginningBytes];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..read];
    }

    // As shells of Windows write what they are given.
    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> beginning) => beginning switch
    {
        [0xff, 0xfe, not 0, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
        [0xfe, 0xff, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
        _ => null,
    };

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes is [0xef, 0xbb, 0xbf, .. var rest] ? rest : bytes;
}
