using DuckDB.NET.Data;

namespace RolloutTrace.Query;

/// <summary>The command: a lake, one statement, and a format.</summary>
internal static class QueryProgram
{
    private const int Answered = 0;
    private const int Refused = 2;
    private const int Misused = 64;

    private const string Usage = """
        Asks the tables of rollouts with SQL, in DuckDB.

        Usage: rollout-trace query LAKE "SQL" [--format table|csv|json] [--since DAY] [--until DAY]

          LAKE      the directory that 'rollout-trace export parquet' wrote
          SQL       one statement that reads: SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN; '-' reads it from standard input
          --format  table (the default), csv, or json: an array of one object a row
          --since   only rows of this day and later
          --until   only rows of days before this one

        The tables are rollouts, threads, turns, requests, items, tool_calls, edges, compactions and findings. No other file is read.

        Exit codes:
          0   answered
          2   the statement is refused or wrong, or the lake cannot be read; standard error says why
          64  wrong usage
        """;

    /// <summary>Runs a command line and gives its exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <param name="width">The terminal's width in columns; 0 if the answer goes elsewhere.</param>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, int width)
    {
        if (args is [] or ["--help"] or ["-h"])
        {
            (args.Count == 0 ? error : output).WriteLine(Usage);
            return args.Count == 0 ? Misused : Answered;
        }

        if (QueryArguments.Parse(args, out var arguments) is { } wrong)
        {
            error.WriteLine($"{wrong}\n\nSee 'rollout-trace query --help'.");
            return Misused;
        }

        try
        {
            using var engine = LakeEngine.Open(arguments);
            var sql = arguments.Sql == "-" ? Console.In.ReadToEnd() : arguments.Sql;
            using var rows = engine.Ask(sql);
            Answer.Write(rows, arguments.Format, output, width);
            output.Flush();
            return Answered;
        }
        catch (QueryRefusedException e)
        {
            error.WriteLine($"error: {e.Message}");
        }
        catch (DuckDBException e)
        {
            error.WriteLine($"error: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"error: {arguments.Lake}: {e.Message}");
        }

        return Refused;
    }
}
