using RolloutTrace.Bundle;

namespace RolloutTrace.Stores;

/// <summary>What the address of a store, or of something in one, means: <c>s3://bucket/prefix/{key}</c>, <c>nats://host:port/BUCKET/{key}</c>.</summary>
/// <param name="Store">The store's own address.</param>
/// <param name="Day">The day whose rollouts are meant; null for those of any.</param>
/// <param name="Key">The one that is meant; null for all.</param>
public sealed record StoreAddress(string Store, string? Day, string? Key)
{
    /// <summary>
    /// Takes an address apart. What ends as packed rollouts do means one of them, <c>{day}</c> behind a store's address that day's, and everything else is
    /// a store.
    /// </summary>
    /// <param name="address">The address; see <see cref="RolloutStore.IsAddress"/>.</param>
    public static StoreAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var (root, place) = Root(address.TrimEnd('/'));
        var parts = place.Length == 0 ? [] : place.Split('/');
        var isOne = parts is [.., var last] && last.EndsWith(BundleLayout.PackedExtension, StringComparison.Ordinal);
        var count = isOne ? parts.Length > 1 && RolloutKey.IsDay(parts[^2]) ? 2 : 1 : parts is [.., var day] && RolloutKey.IsDay(day) ? 1 : 0;
        var store = string.Join('/', [root, .. parts[..^count]]);
        return new StoreAddress(store, isOne || count == 0 ? null : parts[^1], isOne ? string.Join('/', parts[^count..]) : null);
    }

    // Up to the bucket: what stands there is no key, whatever it looks like.
    private static (string Root, string Place) Root(string address)
    {
        var slash = address.IndexOf('/', address.LastIndexOf("://", StringComparison.Ordinal) + 3);
        if (address.StartsWith("nats://", StringComparison.Ordinal) && slash >= 0)
        {
            slash = address.IndexOf('/', slash + 1);
        }

        return slash < 0 ? (address, "") : (address[..slash], address[(slash + 1)..]);
    }
}
