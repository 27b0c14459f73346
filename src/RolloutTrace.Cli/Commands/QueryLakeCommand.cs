using System.CommandLine;
using System.Diagnostics;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace query</c>: asks a lake with SQL. The engine is in a program of its own, since it is larger than all else together.</summary>
internal sealed class QueryLakeCommand : Command, IDocumentedCommand
{
    private const string Program = "rollout-trace-query";

    private readonly CommandConsole console;
    private readonly Argument<string> lake = new("lake") { Description = "The directory that 'rollout-trace export parquet' wrote.", HelpName = "LAKE" };
    private readonly Argument<string> sql = new("sql") { Description = "One statement that reads: SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN; '-' reads it from standard input.", HelpName = "SQL" };
    private readonly Option<string> format = new("--format", "-f") { Description = "table for people; csv; json, an array of one object a row.", HelpName = "table|csv|json", DefaultValueFactory = static _ => "table" };

    public QueryLakeCommand(CommandConsole console)
        : base("query", $"Ask the tables of rollouts with SQL, in DuckDB: rollouts, threads, turns, requests, items, tool_calls, edges, compactions, findings. Nothing but the lake is read, and nothing is written. Runs {Program}, a tool of its own.")
    {
        this.console = console;
        format.AcceptOnlyFromAmong("table", "csv", "json");
        Add(lake);
        Add(sql);
        Add(format);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace query lake \"SELECT model, sum(input_tokens) FROM requests GROUP BY model\"", "tokens by model"),
        ("rollout-trace query lake \"DESCRIBE tool_calls\"", "the columns of a table"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "answered"),
        (ExitCodes.Failure, $"the statement is refused or wrong, the lake cannot be read, or {Program} is not there"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        if (Find() is not { } program)
        {
            console.Tell($"error: {Program} is not there, which holds the engine. Install it with 'dotnet tool install --global RolloutTrace.Query'; in a checkout, 'dotnet build src/RolloutTrace.Query' makes it.");
            return ExitCodes.Failure;
        }

        // It writes to where this one would.
        console.Out.Flush();
        using var run = Process.Start(new ProcessStartInfo(program, [arguments.GetRequiredValue(lake), arguments.GetRequiredValue(sql), "--format", arguments.GetRequiredValue(format)]))!;
        run.WaitForExit();
        return run.ExitCode;
    }

    // Beside this program, in a checkout where it was built, and on the path.
    private string? Find()
    {
        var name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var built = own.Parent is { Parent.Parent.Parent: { } sources } configuration ? Path.Join(sources.FullName, "RolloutTrace.Query", "bin", configuration.Name, own.Name) : null;
        return new[] { own.FullName, built }.Concat((console.Environment("PATH") ?? "").Split(Path.PathSeparator))
            .Where(static directory => !string.IsNullOrEmpty(directory))
            .Select(directory => Path.Join(directory, name))
            .FirstOrDefault(File.Exists);
    }
}
