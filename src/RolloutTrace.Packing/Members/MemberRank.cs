using System.Globalization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The place of a member in a packed rollout. Each stands behind those of lower rank, so whoever goes through the file knows of each
/// name that it does not come any more, or that it came twice, without remembering any.
/// </summary>
/// <param name="Group">What it is.</param>
/// <param name="Number">A payload's number; of others 0.</param>
/// <param name="Name">The name of what is no part of the format; of others empty.</param>
internal readonly record struct MemberRank(MemberGroup Group, long Number, string Name) : IComparable<MemberRank>
{
    private const string PayloadsPrefix = BundleLayout.PayloadsDirectoryName + "/";
    private const string PayloadSuffix = ".json";

    /// <summary>The rank of a name below the bundle; a directory's ends with a slash, and the bundle's own is empty.</summary>
    public static MemberRank Of(string name) => name switch
    {
        "" => new MemberRank(MemberGroup.Bundle, 0, ""),
        BundleLayout.ManifestFileName => new MemberRank(MemberGroup.Manifest, 0, ""),
        BundleLayout.EventLogFileName => new MemberRank(MemberGroup.Log, 0, ""),
        PayloadsPrefix => new MemberRank(MemberGroup.Payloads, 0, ""),
        _ => NumberOf(name) is { } number ? new MemberRank(MemberGroup.Payload, number, "") : new MemberRank(MemberGroup.Other, 0, name),
    };

    public int CompareTo(MemberRank other)
    {
        var difference = Group != other.Group ? Group.CompareTo(other.Group) : Number.CompareTo(other.Number);
        return difference != 0 ? difference : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(MemberRank left, MemberRank right) => left.CompareTo(right) < 0;

    public static bool operator >(MemberRank left, MemberRank right) => left.CompareTo(right) > 0;

    public static bool operator <=(MemberRank left, MemberRank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MemberRank left, MemberRank right) => left.CompareTo(right) >= 0;

    private static long? NumberOf(string name)
    {
        if (!name.StartsWith(PayloadsPrefix, StringComparison.Ordinal) || !name.EndsWith(PayloadSuffix, StringComparison.Ordinal) || name.Length <= PayloadsPrefix.Length + PayloadSuffix.Length)
        {
            return null;
        }

        var digits = name.AsSpan(PayloadsPrefix.Length, name.Length - PayloadsPrefix.Length - PayloadSuffix.Length);
        return digits[0] != '0' && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
