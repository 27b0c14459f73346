using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export parquet</c>: writes rollouts as tables that engines for SQL read.</summary>
internal sealed class ExportParquetCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly Option<string> output = new("--output", "-o") { Description = "The directory of the lake. It is made if it is not there; what other rollouts have in it stays.", HelpName = "LAKE", Required = true };
    private readonly FlagOption text = new("--text") { Description = "Write what was said too, not only its length and hash. It may be secret." };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    public ExportParquetCommand(CommandConsole console)
        : base("parquet", $"Write rollouts as tables in Parquet files, which DuckDB, ClickHouse, Spark and others read: {string.Join(", ", RolloutTables.Names)}. Exporting a rollout again replaces what it had. Without --text nothing that was said is written, but error words, names and titles of tasks are.")
    {
        this.console = console;
        Add(paths);
        Add(output);
        Add(text);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace export parquet rollout-traces -o lake", "every rollout below the directory, packed or not"),
        ("rollout-trace export parquet last -o lake --text", "the last one, with what was said"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "written, of a bundle with defects what is sound"),
        (ExitCodes.Failure, "at least one bundle could not be read, or its rows not be written; those of the others are"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var lake = new LakeDirectory(arguments.GetRequiredValue(output));
        var options = new RolloutTablesOptions { WithText = arguments.GetValue(text) };
        var bundles = console.FindBundles(arguments.GetRequiredValue(paths));
        var answers = new List<BundleAnswer<ParquetAnswer>>();
        foreach (var answer in Answers(bundles, lake, options))
        {
            answers.Add(answer);
            if (!format.IsJson(arguments))
            {
                Show(answer);
            }
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ParquetAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersParquetAnswer);
        }
        else if (answers.Exists(static answer => answer.Result is not null))
        {
            console.WritePath(lake.Path);
        }

        return answers.Exists(static answer => answer.Error is not null) ? ExitCodes.Failure : ExitCodes.Success;
    }

    // Bundles of one archive are read from one stream.
    private IEnumerable<BundleAnswer<ParquetAnswer>> Answers(IReadOnlyList<FoundBundle> bundles, LakeDirectory lake, RolloutTablesOptions options) =>
        bundles.Any(static bundle => bundle.Kind == FoundBundleKind.Archive)
            ? bundles.Select(bundle => Export(bundle, lake, options))
            : bundles.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(bundle => Export(bundle, lake, options));

    private BundleAnswer<ParquetAnswer> Export(FoundBundle bundle, LakeDirectory lake, RolloutTablesOptions options)
    {
        if (bundle.Problem is not null)
        {
            return new() { Bundle = bundle.Path, Error = bundle.Problem };
        }

        try
        {
            using var opened = bundle.Open();
            var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = console.Time });
            var (name, day) = (BundleName.Of(opened.Reader.Manifest), BundleName.DayOf(opened.Reader.Manifest.StartedAtUnixMs));
            var tables = RolloutTables.WriteAsync(rollout, name, options).GetAwaiter().GetResult();
            lake.Put(name, day, tables);
            return new()
            {
                Bundle = bundle.Path,
                Diagnostics = rollout.Diagnostics.Count,
                Result = new ParquetAnswer { Name = name, Day = day, Rows = tables.ToDictionary(static table => table.Table, static table => table.Rows, StringComparer.Ordinal) },
            };
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            return new() { Bundle = bundle.Path, Error = e.Message };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new() { Bundle = bundle.Path, Error = $"{lake.Path}: cannot be written: {SystemWords.Of(e)}" };
        }
    }

    private void Show(BundleAnswer<ParquetAnswer> answer)
    {
        if (answer.Result is not { } result)
        {
            console.Tell($"error: {answer.Error}");
            return;
        }

        console.Tell($"{answer.Bundle}: {Wording.Of(result.Rows.Values.Sum(), "row")} of {result.Day}");
        if (answer.Diagnostics > 0)
        {
            console.TellOfDefects(answer.Bundle, answer.Diagnostics);
        }
    }
}
