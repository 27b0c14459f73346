using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Import.Writing;

/// <summary>Ids that nobody gave, made from what is known: the same words always give the same UUID, of version 8.</summary>
internal static class DerivedId
{
    /// <summary>The id that stands for these words, in this order.</summary>
    public static string Of(params ReadOnlySpan<string> words)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var word in words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(id);
        id[6] = (byte)((id[6] & 0x0f) | 0x80);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id[..16], bigEndian: true).ToString();
    }
}
