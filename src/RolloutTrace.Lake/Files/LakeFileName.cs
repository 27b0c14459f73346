using System.Buffers;

namespace RolloutTrace.Lake;

/// <summary>The names of the lake's files: <c>{bundle}.{hash}.parquet</c>, and of a day's compacted ones <c>compacted.{hash}.parquet</c>.</summary>
internal static class LakeFileName
{
    /// <summary>How many digits of a file's hash are in its name.</summary>
    public const int HashLength = 16;

    /// <summary>What a day's compacted files have in the place of a bundle's name.</summary>
    public const string Compacted = "compacted";

    /// <summary>What the directories of days begin with.</summary>
    public const string DayPrefix = "day=";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The bundle that a file is of; null if it is a compacted one, or none of ours.</summary>
    public static string? BundleOf(string name) => StemOf(name) is { } stem and not Compacted ? stem : null;

    /// <summary>Whether a file has the rows of many.</summary>
    public static bool IsCompacted(string name) => StemOf(name) == Compacted;

    /// <summary>The name of a file below the lake.</summary>
    public static string In(string table, string day, string bundle, string hash) => $"{table}/{DayPrefix}{day}/{bundle}.{hash}{RolloutLake.Extension}";

    /// <summary>The hash in a file's name, which is one of ours.</summary>
    public static string HashOf(string name) => name[^(RolloutLake.Extension.Length + HashLength)..^RolloutLake.Extension.Length];

    private static string? StemOf(string name)
    {
        var end = name.Length - RolloutLake.Extension.Length - HashLength - 1;
        return end > 0 && name[0] != '.' && name.EndsWith(RolloutLake.Extension, StringComparison.Ordinal) && name[end] == '.' && name.AsSpan(end + 1, HashLength).IndexOfAnyExcept(Digits) < 0
            ? name[..end]
            : null;
    }
}
