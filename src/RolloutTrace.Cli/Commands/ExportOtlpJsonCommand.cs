using System.CommandLine;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export otlp-json</c>: writes a rollout's spans to a file.</summary>
internal sealed class ExportOtlpJsonCommand : Command, IDocumentedCommand
{
    private const string StandardOutput = "-";

    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly Option<string> output = new("--output", "-o") { Description = "The file to write; '-' for standard output.", HelpName = "FILE|-", Required = true };
    private readonly Option<bool> content = ContentOption.Create();
    private readonly Option<string> serviceName = new("--service-name") { Description = "The name of the service that the spans are of.", HelpName = "NAME", DefaultValueFactory = static _ => "rollout-trace" };

    public ExportOtlpJsonCommand(CommandConsole console)
        : base("otlp-json", "Write the spans of rollouts as OTLP JSON lines, which Jaeger's UI takes by upload and the Collector's OTLP JSON file receiver reads. Ids are those of the recording, or derived from it: exporting twice gives the same. Spans that never ended end with the last event and are marked by rollout.unfinished. No content is written without --content.")
    {
        this.console = console;
        Add(paths);
        Add(output);
        Add(serviceName);
        Add(content);
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
    [
        (ExitCodes.Success, "written"),
        (ExitCodes.Failure, "at least one bundle could not be read, or the file not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var exitCode = ExitCodes.Success;
        var name = arguments.GetRequiredValue(serviceName);
        var file = arguments.GetRequiredValue(output);
        try
        {
            if (file == StandardOutput)
            {
                Export(console.Output);
                return exitCode;
            }

            AtomicFile.WriteAsNamed(file, Export);
            console.WritePath(file);
            return exitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {file}: cannot be written: {e.Message}");
            return ExitCodes.Failure;
        }

        void Export(Stream stream)
        {
            foreach (var bundle in BundleFinder.Find(arguments.GetRequiredValue(paths)))
            {
                if (SpansOf(bundle, arguments.GetValue(content)) is { } spans)
                {
                    OtlpJsonLines.Write(stream, spans, name);
                }
                else
                {
                    exitCode = ExitCodes.Failure;
                }
            }
        }
    }

    private IReadOnlyList<RolloutSpan>? SpansOf(FoundBundle bundle, bool withContent)
    {
        if (bundle.Problem is not null)
        {
            console.Tell($"error: {bundle.Problem}");
            return null;
        }

        try
        {
            var rollout = OpenRollout.Open(bundle.Path, console.Time);
            return RolloutSpans.Of(rollout.Index, rollout.Bundle, withContent);
        }
        catch (BundleException e)
        {
            console.Tell($"error: {e.Message}");
            return null;
        }
    }
}
