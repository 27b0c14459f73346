using System.IO.Compression;
using System.Security.Cryptography;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>A payload file that is read out of its chunks, which were right when they came, and compared with what they say once more.</summary>
/// <param name="facts">What its chunks say.</param>
/// <param name="chunks">The chunks; disposed with it.</param>
/// <param name="name">The file, for messages.</param>
internal sealed class PayloadStream(PayloadFacts facts, Stream chunks, string name) : ReadOnlyStream
{
    private readonly Stream content = facts.Encoding == PayloadEncoding.Gzip ? new GZipStream(chunks, CompressionMode.Decompress) : chunks;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long left = facts.Bytes;
    private bool isChecked;

    /// <summary>Reads on.</summary>
    /// <exception cref="IOException">It is not what it was; what was read before is of no use.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = content.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Changed(e);
        }

        left -= read;
        hash.AppendData(buffer[..read]);
        if (left < 0 || (read == 0 && !buffer.IsEmpty && !isChecked && (left > 0 || Convert.ToHexStringLower(hash.GetHashAndReset()) != facts.Sha256)))
        {
            throw Changed(null);
        }

        isChecked |= read == 0 && !buffer.IsEmpty;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private IOException Changed(Exception? why) => new($"{name}: is not what it was when it came: somebody has changed the journal", why);
}
