using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Arguments;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Ids that follow from what they name, so that the same spans always get the same ones: UUIDs of version 8.</summary>
internal static class DerivedId
{
    /// <summary>The id of something.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="names">What tells it from others of its kind.</param>
    public static string Of(string kind, params ReadOnlySpan<string> names)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{string.Join('\0', names)}"), hash);
        return DerivedUuid.Of(hash);
    }
}
