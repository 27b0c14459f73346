using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Parquet;

namespace RolloutTrace.Lake;

/// <summary>How the lake's files are written, so that every engine reads them: zstd, plain and dictionary encodings.</summary>
internal static class ParquetForm
{
    /// <summary>How many rows a group has at most: readers hold one at a time.</summary>
    public const int RowsOfGroup = 65_536;

    /// <summary>What stands in the footer of each file.</summary>
    public static IReadOnlyDictionary<string, string> Footer { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [RolloutTables.SchemaVersionKey] = RolloutTables.SchemaVersion.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The footer of a file that has the rows of others.</summary>
    /// <param name="replaced">Their hashes.</param>
    public static IReadOnlyDictionary<string, string> FooterOf(IReadOnlyCollection<string> replaced) => replaced.Count == 0
        ? Footer
        : new Dictionary<string, string>(Footer, StringComparer.Ordinal) { [RolloutTables.ReplacesKey] = string.Join(',', replaced.Order(StringComparer.Ordinal)) };

    /// <summary>The hashes of the files whose rows one has.</summary>
    public static IReadOnlyList<string> ReplacedBy(IReadOnlyDictionary<string, string> footer) =>
        footer.TryGetValue(RolloutTables.ReplacesKey, out var replaced) ? replaced.Split(',') : [];

    /// <summary>The writer's options, new ones for each: it keeps them.</summary>
    public static ParquetOptions Options() => new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };

    /// <summary>A file that was written, put right.</summary>
    public static async Task<byte[]> FinishAsync(MemoryStream file)
    {
        var content = file.ToArray();
        await TimeStatistics.CorrectAsync(content).ConfigureAwait(false);
        return content;
    }

    /// <summary>The hash in a file's name: the first 16 hex digits of its SHA-256.</summary>
    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content))[..LakeFileName.HashLength];
}
