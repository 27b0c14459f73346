using System.CommandLine;
using RolloutTrace.Import;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace import</c>: bundles of what others have recorded.</summary>
internal sealed class ImportCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateInputs();
    private readonly Option<string> output = new("--output", "-o") { Description = "The directory that gets the bundles. A bundle of the same rollout from an earlier import is replaced.", HelpName = "DIR" };
    private readonly OutputFormat format = new("one document about the import.");

    public ImportCommand(CommandConsole console)
        : base("import", "Make bundles of what others have recorded. That is session logs of coding agents (Codex's rollout-*.jsonl, Claude Code's *.jsonl), spans of agents in any language (OTLP as JSON, JSON lines or protobuf, Jaeger's JSON, what Python's console exporter prints), and raw events that were sent as OTLP logs, which become the bundles that they were. What a file is, is told by what it begins with; compressed ones (gzip, zstd) are read as what is in them. Requests are made of the answers in a session log, each with the history until then, and marked as reconstructed. The same input gives the same bundles. Prints the path of each. Without a path it lists the session logs of this machine.")
    {
        this.console = console;
        Add(paths);
        Add(output);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace import", "which sessions are there, the newest first"),
        ("rollout-trace import session.jsonl -o imported", "one session"),
        ("rollout-trace import ~/.codex/sessions ~/.claude/projects -o imported", "all sessions of both tools"),
        ("rollout-trace import traces.jsonl spans.pb.gz -o imported", "spans that a collector wrote"),
        ("rollout-trace transcript imported/trace-018f-019a", "what was said in one of them"),
        ("rollout-trace grep \"permission denied\" imported", "where it happened, in any of them"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "imported, or listed; what is not understood is kept as breadcrumbs"),
        (ExitCodes.Findings, "at least one file gave nothing, or has lines that cannot be read; the rest is imported"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var inputs = arguments.GetValue(paths) ?? [];
        var target = arguments.GetValue(output);
        if (inputs.Length == 0 && target is null)
        {
            return List(arguments);
        }

        if (inputs.Length == 0 || target is null)
        {
            console.Tell(target is null ? "--output is missing: where should the bundles go?" : "--output is given, and no path: what should be imported?");
            return ExitCodes.Usage;
        }

        var result = RolloutImport.Run(inputs, target);
        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, result, ReportJsonContext.Default.ImportResult);
        }
        else
        {
            ImportReport.Show(console, result);
        }

        return result.IsSound ? ExitCodes.Success : ExitCodes.Findings;
    }

    private int List(ParseResult arguments)
    {
        var (logs, places) = (SessionLogs.Find(console.Environment), SessionLogs.Places(console.Environment));
        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new SessionLogsAnswer { Places = places, Logs = logs }, ReportJsonContext.Default.SessionLogsAnswer);
        }
        else
        {
            SessionLogReport.Show(console, logs, places);
        }

        return ExitCodes.Success;
    }
}
