using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace RolloutTrace.Records;

/// <summary>A payload file in chunks that fit into string bodies: compressed where that is less to send, as text where it is text.</summary>
public sealed class PayloadSplit
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBodyBytes = 1_000_000;

    private const int Base64Bytes = MaxBodyBytes / 4 * 3;

    // Less than that does not become smaller.
    private const int LeastToCompress = 128;

    private readonly ReadOnlyMemory<byte> content;

    private PayloadSplit(ReadOnlyMemory<byte> content, PayloadFacts facts)
    {
        this.content = content;
        Facts = facts;
    }

    /// <summary>What each chunk says about the whole.</summary>
    public PayloadFacts Facts { get; }

    /// <summary>The chunks in their order, made one by one; an empty file has an empty one. The file's bytes must not change meanwhile.</summary>
    public IEnumerable<PayloadChunk> Chunks
    {
        get
        {
            var at = 0;
            for (var number = 1; number <= Facts.Chunks; number++)
            {
                var length = Facts.Encoding == PayloadEncoding.Utf8 ? TextLength(content.Span[at..]) : Math.Min(content.Length - at, Base64Bytes);
                var chunk = content.Span.Slice(at, length);
                yield return new PayloadChunk
                {
                    Number = number,
                    Body = Facts.Encoding == PayloadEncoding.Utf8 ? Encoding.UTF8.GetString(chunk) : Convert.ToBase64String(chunk),
                };
                at += length;
            }
        }
    }

    /// <summary>Splits a file.</summary>
    /// <param name="file">Its bytes.</param>
    public static PayloadSplit Of(ReadOnlyMemory<byte> file)
    {
        var isText = Utf8.IsValid(file.Span);
        var encoding = isText ? PayloadEncoding.Utf8 : PayloadEncoding.Base64;
        var content = file;
        if (file.Length >= LeastToCompress)
        {
            var zipped = Compress(file.Span);
            if (Base64Length(zipped.Length) < (isText ? file.Length : Base64Length(file.Length)))
            {
                (encoding, content) = (PayloadEncoding.Gzip, zipped);
            }
        }

        return new PayloadSplit(content, new PayloadFacts
        {
            Bytes = file.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Span)),
            Encoding = encoding,
            Chunks = encoding == PayloadEncoding.Utf8 ? CountOfText(content.Span) : Math.Max((content.Length + Base64Bytes - 1) / Base64Bytes, 1),
        });
    }

    private static long Base64Length(int bytes) => (bytes + 2L) / 3 * 4;

    private static byte[] Compress(ReadOnlySpan<byte> file)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(file);
        }

        return zipped.ToArray();
    }

    private static int CountOfText(ReadOnlySpan<byte> text)
    {
        var count = 1;
        for (var length = TextLength(text); length < text.Length; length = TextLength(text))
        {
            text = text[length..];
            count++;
        }

        return count;
    }

    // As much of valid UTF-8 as fits, in whole characters.
    private static int TextLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxBodyBytes)
        {
            return text.Length;
        }

        var length = MaxBodyBytes;
        while ((text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }
}
