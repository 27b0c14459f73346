using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using RolloutTrace.Benchmarks.Macro;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary>Questions to lakes of 10,000 and 100,000 rollouts, by the query program, its start included.</summary>
internal static class QueryRows
{
    private const int Distinct = 1000;
    private const int Rounds = 3;

    private static readonly (string Name, string Sql)[] Questions =
    [
        ("tokens by model and day", "SELECT day, model, sum(input_tokens), sum(output_tokens) FROM requests GROUP BY ALL"),
        ("cache misses by cause", "SELECT cache_miss, count(*), sum(input_tokens) FROM requests WHERE cache_miss IS NOT NULL GROUP BY ALL"),
        ("slowest tools", "SELECT name, count(*), quantile_cont(duration_ms, 0.95) AS p95 FROM tool_calls GROUP BY ALL ORDER BY p95 DESC"),
    ];

    public static IEnumerable<MacroRow> All(FleetRollouts rollouts)
    {
        var lake = rollouts.Next();
        ChildProcess.Milliseconds(Programs.CommandLineTool, "work", "--once", "--store", rollouts.Stored(FleetRollouts.Small, Distinct), "--lake", lake);
        ChildProcess.Milliseconds(Programs.CommandLineTool, "lake", "compact", lake);
        foreach (var copies in new[] { 10, 100 })
        {
            var many = rollouts.Next();
            Copy(lake, many, copies);
            var counted = ChildProcess.Output(Programs.QueryTool, many, "SELECT count(*) AS n FROM rollouts", "--format", "csv").Split('\n')[1].Trim();
            if (counted != (Distinct * copies).ToString(CultureInfo.InvariantCulture))
            {
                throw new InvalidOperationException($"the lake has {counted} rollouts, not {Distinct * copies}");
            }

            foreach (var (name, sql) in Questions)
            {
                var asked = Enumerable.Range(0, Rounds).Select(_ => Ask(many, sql)).ToList();
                var (wall, processor) = (PairedRatio.Median(asked.Select(static cost => cost.Wall)), PairedRatio.Median(asked.Select(static cost => cost.Processor)));
                yield return FleetRow.Told(
                    string.Create(CultureInfo.InvariantCulture, $"query, {Distinct * copies:N0} rollouts: {name}"),
                    string.Create(CultureInfo.InvariantCulture, $"{processor / 1000:F2} s of processor time"),
                    string.Create(CultureInfo.InvariantCulture, $"{wall / 1000:F2} s by the clock, start included, median of {Rounds}"));
            }
        }
    }

    private static (double Wall, double Processor) Ask(string lake, string sql)
    {
        var began = Stopwatch.GetTimestamp();
        var processor = ChildProcess.ProcessorMilliseconds($"'{Programs.QueryTool}' '{lake}' '{sql}' --format csv");
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, processor);
    }

    // The rows of each compacted file so many times, each time under other names. The engine itself writes them: no other way makes millions of rows in seconds.
    private static void Copy(string lake, string to, int copies)
    {
        using var engine = new DuckDBConnection("Data Source=:memory:");
        engine.Open();
        foreach (var file in Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories))
        {
            var copy = Path.Join(to, Path.GetRelativePath(lake, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            using var command = engine.CreateCommand();
            command.CommandText = $"COPY (SELECT * EXCLUDE (copy) REPLACE (bundle || '-' || copy AS bundle) FROM read_parquet('{file}', hive_partitioning = false), range({copies}) AS copies(copy)) TO '{copy}' (FORMAT parquet, COMPRESSION zstd)";
            command.ExecuteNonQuery();
        }
    }
}
