using System.CommandLine;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export otlp-json</c>: writes a rollout's spans to a file.</summary>
internal sealed class ExportOtlpJsonCommand : Command, IDocumentedCommand
{
    private const string StandardOutput = "-";

    private readonly CommandConsole console;
    private readonly ExportOptions options = new();
    private readonly Option<string> output = new("--output", "-o") { Description = "The file to write; '-' for standard output.", HelpName = "FILE|-", Required = true };

    public ExportOtlpJsonCommand(CommandConsole console)
        : base("otlp-json", "Write the spans of rollouts as OTLP JSON lines, which Jaeger's UI takes by upload and the Collector's OTLP JSON file receiver reads. Ids are those of the recording, or derived from it: exporting twice gives the same. Spans that never ended end with the last event and are marked by rollout.unfinished. No content is written without --content.")
    {
        this.console = console;
        options.AddPathsTo(this);
        Add(output);
        options.AddTo(this);
        this.AddRule(result =>
        {
            if (result.GetValue(output) == StandardOutput && options.IsJson(result))
            {
                result.AddError("--output - and --format json both want standard output.");
            }
        });
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace export otlp-json BUNDLE -o spans.json", "a file to drop onto Jaeger's search page"),
        ("rollout-trace export otlp-json BUNDLE -o - | wc -l", "lines of at most a megabyte each"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
        ExportOptions.ExitCodeMeanings("written", "at least one bundle could not be read, or the file not be written");

    private int Run(ParseResult arguments)
    {
        var file = arguments.GetRequiredValue(output);
        List<BundleAnswer<ExportAnswer>> answers = [];
        try
        {
            if (file == StandardOutput)
            {
                Export(console.Output);
            }
            else
            {
                AtomicFile.WriteAsNamed(file, Export);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {file}: cannot be written: {SystemWords.Of(e)}");
            return ExitCodes.Failure;
        }

        if (options.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ExportAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersExportAnswer);
        }
        else if (file != StandardOutput && answers.Exists(static answer => answer.Result is not null))
        {
            console.WritePath(file);
        }

        return ExportOptions.ExitCodeOf(answers);

        bool Export(Stream stream)
        {
            answers = options.Export(console, arguments, new FileTarget(file, stream, options.ServiceName(arguments)));
            return answers.Exists(static answer => answer.Result is not null);
        }
    }
}
