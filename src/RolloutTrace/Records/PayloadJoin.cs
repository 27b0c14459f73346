using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;

namespace RolloutTrace.Records;

/// <summary>Decodes the chunks of a payload file and joins them, in no more memory than a chunk needs.</summary>
public static class PayloadJoin
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The bytes that a record's chunk holds; null if it is base64 and cannot be decoded.</summary>
    /// <param name="record">A record of a chunk.</param>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public static ReadOnlyMemory<byte>? Decode(BundleRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Payload is not { } facts)
        {
            throw new ArgumentException("is no record of a chunk", nameof(record));
        }

        if (record.IsBytes || facts.Encoding == PayloadEncoding.Utf8)
        {
            return record.Body;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(record.Body.Length)];
        if (Base64.DecodeFromUtf8(record.Body.Span, bytes, out var consumed, out var written) == System.Buffers.OperationStatus.Done && consumed == record.Body.Length)
        {
            return bytes.AsMemory(0, written);
        }

        return null;
    }

    /// <summary>Writes the file that the decoded chunks are, up to where it goes wrong.</summary>
    /// <param name="facts">What the chunks say about it. No more than its <see cref="PayloadFacts.Bytes"/> are written.</param>
    /// <param name="chunks">All chunks in their order, decoded by <see cref="Decode"/>, one after the other. It is read to where the file goes wrong.</param>
    /// <param name="output">Where the file goes; <see cref="Stream.Null"/> to check it.</param>
    /// <returns>What is wrong with it; null if nothing.</returns>
    /// <exception cref="IOException"><paramref name="chunks"/> or <paramref name="output"/> have thrown it.</exception>
    public static string? Write(PayloadFacts facts, Stream chunks, Stream output)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(output);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var content = facts.Encoding == PayloadEncoding.Gzip ? new GZipStream(chunks, CompressionMode.Decompress, leaveOpen: true) : null;
        var buffer = new byte[BufferBytes];
        var left = facts.Bytes;
        try
        {
            while ((content ?? chunks).Read(buffer) is > 0 and var read)
            {
                if (read > left)
                {
                    return $"is longer than the {facts.Bytes} bytes that it is said to have";
                }

                hash.AppendData(buffer, 0, read);
                output.Write(buffer, 0, read);
                left -= read;
            }
        }
        catch (InvalidDataException e)
        {
            return $"cannot be unzipped: {e.Message}";
        }

        if (left > 0)
        {
            return $"has {facts.Bytes - left} bytes, and is said to have {facts.Bytes}";
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found == facts.Sha256 ? null : $"has the SHA-256 {found}, and is said to have {facts.Sha256}";
    }
}
