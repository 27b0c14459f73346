using System.Data;
using DuckDB.NET.Data;
using RolloutTrace.Lake;

namespace RolloutTrace.Query;

/// <summary>DuckDB, in memory, with views of a lake's tables, and the door shut: it reads the lake's files and nothing else, and writes nowhere.</summary>
internal sealed class LakeEngine : IDisposable
{
    private readonly DuckDBConnection connection;

    private LakeEngine(DuckDBConnection connection) => this.connection = connection;

    /// <summary>Opens a lake.</summary>
    /// <exception cref="QueryRefusedException">There is none.</exception>
    public static LakeEngine Open(QueryArguments arguments)
    {
        var lake = Path.TrimEndingDirectorySeparator(Path.GetFullPath(arguments.Lake));
        if (!Directory.Exists(lake))
        {
            throw new QueryRefusedException($"{lake}: there is no such directory");
        }

        if (arguments.Copied is null && !RolloutTables.Names.Any(table => Directory.Exists(Path.Join(lake, table))))
        {
            throw new QueryRefusedException($"{lake}: is no lake: it has none of the directories {string.Join(", ", RolloutTables.Names)}");
        }

        var connection = new DuckDBConnection("Data Source=:memory:");
        try
        {
            connection.Open();
            var engine = new LakeEngine(connection);
            engine.Execute("SET autoinstall_known_extensions = false");
            engine.Execute("SET autoload_known_extensions = false");
            engine.Execute("SET TimeZone = 'UTC'");
            engine.Execute($"SET allowed_directories = [{LakeViews.Quote(lake + Path.DirectorySeparatorChar)}]");
            engine.Execute("SET enable_external_access = false");
            foreach (var view in new LakeViews(lake, arguments).All())
            {
                engine.Execute(view);
            }

            engine.Execute("SET lock_configuration = true");
            return engine;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks one statement.</summary>
    /// <exception cref="QueryRefusedException">It is not one that reads.</exception>
    /// <exception cref="DuckDBException">The engine refuses it.</exception>
    public IDataReader Ask(string sql)
    {
        if (ReadingStatement.WhyNot(sql, IsSelect) is { } reason)
        {
            throw new QueryRefusedException(reason);
        }

        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteReader();
    }

    public void Dispose() => connection.Dispose();

    // Only statements that select can be written down so, whatever they begin with. What is wrong in others is said when they are asked.
    private bool IsSelect(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_serialize_sql($sql::VARCHAR)";
        command.Parameters.Add(new DuckDBParameter("sql", sql));
        return command.ExecuteScalar() is string answer && !answer.Contains("\"error_type\":\"not implemented\"", StringComparison.OrdinalIgnoreCase);
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
