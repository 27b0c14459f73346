using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Arguments;

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
        return DerivedUuid.Of(id);
    }
}
