using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export</c>: hands rollouts to tracing back ends and engines for SQL.</summary>
internal sealed class ExportCommand : Command, IDocumentedCommand
{
    public ExportCommand(CommandConsole console)
        : base("export", "Hand rollouts to others: to tracing back ends the spans that were or would have been sent while they ran, to engines for SQL their tables.")
    {
        Add(new ExportOtlpCommand(console));
        Add(new ExportOtlpJsonCommand(console));
        Add(new ExportParquetCommand(console));
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace export otlp BUNDLE", "look at the rollout in a local Jaeger, or in Aspire's dashboard"),
        ("rollout-trace export otlp-json BUNDLE -o spans.json", "a file to drop onto Jaeger's search page"),
        ("rollout-trace export parquet rollout-traces -o lake", "tables of every rollout, for SQL"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings => [(ExitCodes.Usage, "say to what; nothing was done")];
}
