using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>The keys of which a sender must have one. How long a comparison takes tells nothing of them.</summary>
internal sealed class ApiKeys(IEnumerable<string> keys)
{
    private const string Scheme = "Bearer ";

    private readonly byte[][] hashes = [.. keys.Select(HashOf)];

    /// <summary>Why a request is refused; null if it is answered.</summary>
    /// <param name="authorization">Its header.</param>
    public string? WhyRefused(string? authorization)
    {
        if (hashes.Length == 0)
        {
            return null;
        }

        if (string.IsNullOrEmpty(authorization))
        {
            return "there is no key: a header 'authorization: Bearer KEY' is wanted";
        }

        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return "the header authorization is not 'Bearer KEY'";
        }

        // Hashes are as long as one another, and all are compared, whatever was given.
        var given = HashOf(authorization[Scheme.Length..].Trim());
        var isKnown = false;
        foreach (var hash in hashes)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(hash, given);
        }

        return isKnown ? null : "the key is wrong";
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
