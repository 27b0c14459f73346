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
    private readonly Option<string> output = new("--output", "-o") { Description = $"The lake: {LakePlace.Meaning}. What other rollouts have in it stays.", HelpName = "LAKE", Required = true };
    private readonly FlagOption text = new("--text") { Description = "Write what was said too, not only its length and hash. It may be secret." };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    public ExportParquetCommand(CommandConsole console)
        : base("parquet", $"Write rollouts as tables in Parquet files, which DuckDB, ClickHouse, Spark and others read: {string.Join(", ", RolloutTables.Names)}. Exporting a rollout again replaces what it had. Of rollouts over several processes each bundle has rows of its own; 'rollout-trace join' makes one of them first. Without --text nothing that was said is written, but error words, names and titles of tasks are.")
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
        ("rollout-trace export parquet s3://traces/agents -o s3://traces/lake", "from a store into a lake in the same bucket"),
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
        if (LakePlace.TryOpen(arguments.GetRequiredValue(output), console) is not { } place)
        {
            return ExitCodes.Usage;
        }

        return RunAsync(arguments, place).GetAwaiter().GetResult();
    }

    private async Task<int> RunAsync(ParseResult arguments, LakePlace place)
    {
        await using var closing = place.ConfigureAwait(false);
        var lake = new RolloutLake(place.Files);
        var options = new RolloutTablesOptions { WithText = arguments.GetValue(text) };
        var bundles = console.FindBundles(arguments.GetRequiredValue(paths));
        var answers = new List<BundleAnswer<ParquetAnswer>>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var read in Read(bundles, options))
        {
            var answer = await PutAsync(read, lake, place).ConfigureAwait(false);
            answers.Add(answer);
            if (!format.IsJson(arguments))
            {
                Show(answer);
            }

            if (answer.Result is { } result && !names.TryAdd(result.Name, answer.Bundle))
            {
                console.Tell($"{answer.Bundle}: has the name of {names[result.Name]}, and replaces it");
            }
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ParquetAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersParquetAnswer);
        }
        else if (answers.Exists(static answer => answer.Result is not null))
        {
            console.WritePath(lake.Place);
        }

        return answers.Exists(static answer => answer.Error is not null) ? ExitCodes.Failure : ExitCodes.Success;
    }

    // Bundles of one archive are read from one stream. What is read is put in order, so that of two with one name it is the last that stays.
    private IEnumerable<(BundleAnswer<ParquetAnswer> Answer, IReadOnlyList<TableFile> Tables)> Read(IReadOnlyList<FoundBundle> bundles, RolloutTablesOptions options) =>
        bundles.Any(static bundle => bundle.Kind == FoundBundleKind.Archive)
            ? bundles.Select(bundle => Read(bundle, options))
            : bundles.Chunk(4 * System.Environment.ProcessorCount).SelectMany(some => some.AsParallel().AsOrdered().Select(bundle => Read(bundle, options)).ToList());

    private (BundleAnswer<ParquetAnswer> Answer, IReadOnlyList<TableFile> Tables) Read(FoundBundle bundle, RolloutTablesOptions options)
    {
        if (bundle.Problem is not null)
        {
            return (new() { Bundle = bundle.Path, Error = bundle.Problem }, []);
        }

        try
        {
            using var opened = bundle.Open();
            var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = console.Time });
            var manifest = opened.Reader.Manifest;
            var name = BundleName.Of(manifest);
            var tables = RolloutTables.WriteAsync(rollout, name, options).GetAwaiter().GetResult();
            var result = new ParquetAnswer
            {
                Name = name,
                Day = BundleName.DayOf(manifest.StartedAtUnixMs),
                Rows = tables.ToDictionary(static table => table.Table, static table => table.Rows, StringComparer.Ordinal),
            };
            return (new() { Bundle = bundle.Path, Diagnostics = CommandConsole.CountOf(rollout.Diagnostics), Result = result }, tables);
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            return (new() { Bundle = bundle.Path, Error = e.Message }, []);
        }
    }

    private static async Task<BundleAnswer<ParquetAnswer>> PutAsync((BundleAnswer<ParquetAnswer> Answer, IReadOnlyList<TableFile> Tables) read, RolloutLake lake, LakePlace place)
    {
        if (read.Answer.Result is not { } result)
        {
            return read.Answer;
        }

        try
        {
            await lake.PutAsync(result.Name, result.Day, read.Tables, flush: false).ConfigureAwait(false);
            return read.Answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return read.Answer with { Error = place.Words("cannot be written: ", e), Result = null };
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
