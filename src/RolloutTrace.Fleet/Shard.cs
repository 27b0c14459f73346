using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Fleet;

/// <summary>One of several parts of all rollouts, told apart by their bundles' names.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">How many there are, from 1.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>All of them.</summary>
    public static Shard All => new(0, 1);

    /// <summary>Whether a bundle is in it: the first 8 bytes of its name's SHA-256, big-endian, modulo <see cref="Count"/>.</summary>
    /// <param name="bundle">The bundle's name.</param>
    public bool Has(string bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(bundle))) % (ulong)Count == (ulong)Index;
    }

    /// <summary>Reads one as it is written: <c>I/N</c>, or <c>N</c> with I given apart.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="index">I, where it is not in it.</param>
    /// <returns>Null if it is none.</returns>
    public static Shard? Parse(string text, string? index)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return NumberOf(slash < 0 ? index : text[..slash]) is { } number && NumberOf(text[(slash + 1)..]) is { } count && number < count ? new Shard(number, count) : null;
    }

    private static int? NumberOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
