using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Names and limits of packed rollouts: a tar file under zstd that holds one bundle. README has the format.</summary>
public static class PackedFormat
{
    /// <summary>How the names of packed rollouts end: <c>.rollout.tar.zst</c>, behind the name of the bundle's directory.</summary>
    public const string Extension = BundleLayout.PackedExtension;

    /// <summary>The longest way back within a packed rollout, as a power of two: 2^27 bytes, which the zstd tool takes without being told.</summary>
    public const int MaxWindowLog = 27;

    /// <summary>The most members of a packed rollout, directories included.</summary>
    public const int MaxMembers = 1_000_000;

    /// <summary>
    /// How many times its own length a packed rollout may unpack to, where that is more than <see cref="AlwaysUnpacked"/>. A block that repeats
    /// 128 KiB takes 11 bytes or more, so that nothing but repeated requests grows to 12,000 times its length; what grows more is of one byte.
    /// </summary>
    public const int MaxGrowth = 16_000;

    /// <summary>What every packed rollout may unpack to, in bytes: 256 MiB.</summary>
    public const long AlwaysUnpacked = 256L << 20;

    /// <summary>The place of the state of a packed rollout, which nothing can be written into: beside it, with its name and <c>.state.json</c>.</summary>
    /// <param name="path">The packed rollout.</param>
    public static string StateBeside(string path) => $"{WithoutExtension(path)}.{BundleLayout.StateFileName}";

    /// <summary>The path less <see cref="Extension"/>, if it ends so: that of the bundle's directory before it was packed.</summary>
    /// <param name="path">The packed rollout.</param>
    public static string WithoutExtension(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(Extension, StringComparison.Ordinal) ? path[..^Extension.Length] : path;
    }

    internal static long MostUnpacked(long length) => Math.Max(AlwaysUnpacked, length > long.MaxValue / MaxGrowth ? long.MaxValue : length * MaxGrowth);
}
