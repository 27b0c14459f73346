using RolloutTrace.Analysis;
using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>
/// A rollout as tables: rollouts, threads, turns, requests, items, tool_calls, edges, compactions and findings, each a Parquet file. The same
/// state gives the same bytes. Columns, keys and units stand in this package's README.
/// </summary>
public static class RolloutTables
{
    /// <summary>The version of the tables' form; columns are added without another. It stands in each file's footer under <see cref="SchemaVersionKey"/>.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The footer's key for <see cref="SchemaVersion"/>.</summary>
    public const string SchemaVersionKey = "rollout.schema_version";

    /// <summary>
    /// The footer's key in compacted files for the hashes of those of the same table and day whose rows it has, with commas between: these do not count
    /// any more from when it is there.
    /// </summary>
    public const string ReplacesKey = "rollout.replaces";

    internal const string Rollouts = "rollouts";

    /// <summary>The tables' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.All.Select(static table => table.Name)];

    /// <summary>A table's columns in their order, without the partition's <c>day</c>, which is a date.</summary>
    /// <param name="table">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public static IReadOnlyList<TableColumn> ColumnsOf(string table) =>
        [.. (Table.All.FirstOrDefault(known => known.Name == table) ?? throw new ArgumentException($"there is no table '{table}'", nameof(table))).Schema.DataFields.Select(TableColumn.Of)];

    /// <summary>Writes a rollout's rows. A table in which it has none has no file.</summary>
    /// <param name="rollout">The rollout. Without its bundle there is less to tell of requests and tool calls.</param>
    /// <param name="bundle">The bundle's name, which its rows have in the column <c>bundle</c>: see <see cref="Bundle.BundleName"/>.</param>
    /// <param name="options">What is written; null for the defaults.</param>
    public static async Task<IReadOnlyList<TableFile>> WriteAsync(OpenRollout rollout, string bundle, RolloutTablesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentException.ThrowIfNullOrEmpty(bundle);
        var source = new TableSource(rollout, bundle, options?.WithText ?? false);
        var files = new List<TableFile>();
        foreach (var table in Table.All)
        {
            if (await table.WriteAsync(source).ConfigureAwait(false) is { } file)
            {
                files.Add(file);
            }
        }

        return files;
    }
}
