using System.CommandLine;
using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace query</c>: asks a lake with SQL. The engine is in a program of its own, since it is larger than all else together.</summary>
internal sealed class QueryLakeCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string> lake = new("lake") { Description = $"The lake that 'rollout-trace export parquet' or 'work' wrote: {LakePlace.Meaning}. Of one in a bucket, the tables that the statement names are fetched first.", HelpName = "LAKE" };
    private readonly Argument<string> sql = new("sql") { Description = "One statement that reads: SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN; '-' reads it from standard input.", HelpName = "SQL" };
    private readonly Option<string> format = new("--format", "-f") { Description = "table for people; csv; json, an array of one object a row.", HelpName = "table|csv|json", DefaultValueFactory = static _ => "table" };
    private readonly Option<DateOnly?> since = DayOption("--since", "Only rows of this day and later. Of a lake in a bucket, no other days are fetched.");
    private readonly Option<DateOnly?> until = DayOption("--until", "Only rows of days before this one.");

    public QueryLakeCommand(CommandConsole console)
        : base("query", $"Ask the tables of rollouts with SQL, in DuckDB: rollouts, threads, turns, requests, items, tool_calls, edges, compactions, findings. Nothing but the lake is read, and nothing is written. Runs {LakeQuery.Program}, a tool of its own.")
    {
        this.console = console;
        format.AcceptOnlyFromAmong("table", "csv", "json");
        Add(lake);
        Add(sql);
        Add(format);
        Add(since);
        Add(until);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace query lake \"SELECT model, sum(input_tokens) FROM requests GROUP BY model\"", "tokens by model"),
        ("rollout-trace query lake \"DESCRIBE tool_calls\"", "the columns of a table"),
        ("rollout-trace query s3://traces/lake \"SELECT count(*) FROM rollouts\" --since 2026-02-01", "of a bucket, only the days from then on"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "answered"),
        (ExitCodes.Failure, $"the statement is refused or wrong, the lake cannot be read, or {LakeQuery.Program} is not there"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var query = new LakeQuery(console)
        {
            Lake = arguments.GetRequiredValue(lake),
            Sql = arguments.GetRequiredValue(sql),
            Format = arguments.GetRequiredValue(format),
            Since = arguments.GetValue(since),
            Until = arguments.GetValue(until),
        };
        return query.Run();
    }

    private static Option<DateOnly?> DayOption(string name, string meaning) => new(name)
    {
        Description = meaning,
        HelpName = "DAY",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return day;
            }

            result.AddError($"{name} takes a day such as 2026-02-03, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };
}
