using System.Globalization;
using System.IO.Compression;
using Parquet;

namespace RolloutTrace.Lake;

/// <summary>How the lake's files are written, so that every engine reads them: zstd, plain and dictionary encodings.</summary>
internal static class ParquetForm
{
    /// <summary>What stands in the footer of each file.</summary>
    public static IReadOnlyDictionary<string, string> Footer { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [RolloutTables.SchemaVersionKey] = RolloutTables.SchemaVersion.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The writer's options, new ones for each: it keeps them.</summary>
    public static ParquetOptions Options() => new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };
}
