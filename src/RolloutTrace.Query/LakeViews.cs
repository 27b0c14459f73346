using RolloutTrace.Lake;

namespace RolloutTrace.Query;

/// <summary>
/// The views of a lake's tables. A rollout's rows are those of its own files, which count from when its row in <c>rollouts</c> is there; of one
/// that has none, they are the compacted ones.
/// </summary>
internal static class LakeViews
{
    private const string Own = "regexp_extract(filename, '([^/\\\\]+)\\.[0-9a-f]{16}\\.parquet$', 1)";

    /// <summary>The statements that make them.</summary>
    /// <param name="lake">The lake's directory, as a whole path.</param>
    public static IEnumerable<string> Of(string lake)
    {
        var hasCompacted = RolloutTables.Names.Any(table => Files(lake, table, "compacted.*.parquet").Any());
        return RolloutTables.Names.Select(table => $"CREATE VIEW {table} AS {Select(lake, table, hasCompacted)}");
    }

    /// <summary>A text as SQL has it.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Select(string lake, string table, bool hasCompacted)
    {
        var columns = RolloutTables.ColumnsOf(table);
        if (!Files(lake, table, "*.parquet").Any())
        {
            return $"SELECT {string.Join(", ", columns.Select(static column => $"NULL::{TypeOf(column.Type)} AS \"{column.Name}\""))}, NULL::DATE AS day WHERE false";
        }

        var rows = $"read_parquet({Quote(Glob(lake, table))}, hive_partitioning = true, hive_types = {{'day': DATE}}, union_by_name = true, filename = true)";
        var names = string.Join(", ", columns.Select(static column => $"\"{column.Name}\""));
        if (!hasCompacted)
        {
            return $"SELECT {names}, day FROM {rows}";
        }

        var put = $"(SELECT {Own.Replace("filename", "file", StringComparison.Ordinal)} FROM glob({Quote(Glob(lake, "rollouts"))}))";
        return $"SELECT {names}, day FROM {rows} WHERE ({Own} = 'compacted') <> (bundle IN {put})";
    }

    private static string Glob(string lake, string table) => $"{lake.Replace('\\', '/')}/{table}/day=*/*.parquet";

    private static IEnumerable<string> Files(string lake, string table, string pattern)
    {
        var directory = Path.Join(lake, table);
        return Directory.Exists(directory)
            ? Directory.EnumerateDirectories(directory, "day=*").SelectMany(day => Directory.EnumerateFiles(day, pattern)).Where(static file => Path.GetFileName(file)[0] != '.')
            : [];
    }

    private static string TypeOf(TableColumnType type) => type switch
    {
        TableColumnType.Number => "BIGINT",
        TableColumnType.Time => "TIMESTAMP WITH TIME ZONE",
        _ => "VARCHAR",
    };
}
