using RolloutTrace.Lake;

namespace RolloutTrace.Query;

/// <summary>
/// The views of a lake's tables. A rollout's rows are those of its own files, which count from when its row in <c>rollouts</c> is there; of one
/// that has none, they are the compacted ones.
/// </summary>
/// <param name="lake">The lake's directory, as a whole path.</param>
/// <param name="arguments">Which days and, of a copy, which tables there are.</param>
internal sealed class LakeViews(string lake, QueryArguments arguments)
{
    private const string Compacted = "compacted.*.parquet";

    /// <summary>The statements that make them.</summary>
    public IEnumerable<string> All()
    {
        var hasCompacted = RolloutTables.Names.Any(table => Files(table, Compacted).Any());
        return RolloutTables.Names.Select(table => $"CREATE VIEW {table} AS {Select(table, hasCompacted)}");
    }

    /// <summary>A text as SQL has it.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private string Select(string table, bool hasCompacted)
    {
        var columns = RolloutTables.ColumnsOf(table);
        if (arguments.Copied?.Contains(table) == false)
        {
            // Whoever reads it by another way than its name must not take nothing for an answer. Of rows whose columns are known a join reads none.
            var refusal = $"error({Quote($"the table {table} was not fetched: name it in the statement, in a comment if need be")})";
            return $"{Rows(refusal)} WHERE {refusal}";
        }

        if (!Files(table, "*.parquet").Any())
        {
            return $"{Rows("NULL")} WHERE false";
        }

        var names = string.Join(", ", columns.Select(static column => $"\"{column.Name}\""));
        var from = $"read_parquet({Quote(Glob(table))}, hive_partitioning = true, hive_types = {{'day': DATE}}, union_by_name = true, filename = true)";
        string[] conditions =
        [
            .. hasCompacted ? [$"({Own("filename")} = 'compacted') <> (bundle IN (SELECT {Own("file")} FROM glob({Quote(OwnNames)})))"] : Array.Empty<string>(),
            .. hasCompacted && Files(table, Compacted).Any() ? [Counts(table)] : Array.Empty<string>(),
            .. arguments.Since is { } since ? [$"day >= DATE '{since:yyyy-MM-dd}'"] : Array.Empty<string>(),
            .. arguments.Until is { } until ? [$"day < DATE '{until:yyyy-MM-dd}'"] : Array.Empty<string>(),
        ];
        return $"SELECT {names}, day FROM {from}{(conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}")}";

        string Rows(string value) =>
            $"SELECT {string.Join(", ", columns.Select(column => $"CAST({value} AS {TypeOf(column.Type)}) AS \"{column.Name}\""))}, CAST({value} AS DATE) AS day";
    }

    private static string Own(string column) => $"regexp_extract({column}, '([^/\\\\]+)\\.[0-9a-f]{{16}}\\.parquet$', 1)";

    // Not those whose rows another compacted file has: one that was killed has left them.
    private string Counts(string table) =>
        $"regexp_extract(filename, '([0-9a-f]{{16}})\\.parquet$', 1) NOT IN (SELECT unnest(string_split(decode(value), ',')) FROM parquet_kv_metadata({Quote($"{lake.Replace('\\', '/')}/{table}/day=*/{Compacted}")}) WHERE decode(key) = '{RolloutTables.ReplacesKey}')";

    private string OwnNames => arguments.Copied is null ? Glob("rollouts") : $"{lake.Replace('\\', '/')}/{RolloutLake.OwnNames}/*.parquet";

    private string Glob(string table) => $"{lake.Replace('\\', '/')}/{table}/day=*/*.parquet";

    private IEnumerable<string> Files(string table, string pattern)
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
