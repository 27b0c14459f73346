using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What the exports have in common: which bundles, how much of them, and what is said of each.</summary>
internal sealed class ExportOptions
{
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly FlagOption content = ContentOption.Create();
    private readonly Option<string> serviceName = new("--service-name") { Description = "The name of the service that the spans are of.", HelpName = "NAME", DefaultValueFactory = static _ => "rollout-trace" };
    private readonly FlagOption strict = new("--strict") { Description = "Refuse a bundle at its first defect. Without it, the spans are of what is sound." };
    private readonly Option<string> format = OutputFormat.CreateOption("one document with an entry for each bundle.");

    public void AddTo(Command command, params ReadOnlySpan<Option> options)
    {
        command.Add(paths);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Add(serviceName);
        command.Add(content);
        command.Add(strict);
        command.Add(format);
    }

    public static IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings(string done, string failed) =>
    [
        (ExitCodes.Success, done),
        (ExitCodes.Findings, $"{done}; of at least one bundle, which has defects, what is sound"),
        (ExitCodes.Failure, failed),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    public string ServiceName(ParseResult arguments) => arguments.GetRequiredValue(serviceName);

    public bool IsJson(ParseResult arguments) => arguments.GetValue(format) == OutputFormat.Json;

    /// <summary>Whether <c>--format json</c> is given, for rules about the command line.</summary>
    public bool IsJson(System.CommandLine.Parsing.CommandResult command) => command.GetValue(format) == OutputFormat.Json;

    /// <summary>Exports each bundle. One that cannot be read or exported does not stop the others.</summary>
    /// <param name="console">Takes what is wrong with each bundle, unless JSON is asked for.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="target">Where the spans go.</param>
    /// <param name="export">Exports the spans of a bundle.</param>
    /// <param name="show">Says to people what was exported of a bundle; null to say nothing.</param>
    public List<BundleAnswer<ExportAnswer>> Export(CommandConsole console, ParseResult arguments, string target, Action<IReadOnlyList<RolloutSpan>> export, Action<string, ExportAnswer>? show = null)
    {
        var answers = new List<BundleAnswer<ExportAnswer>>();
        foreach (var bundle in BundleFinder.Find(arguments.GetRequiredValue(paths)))
        {
            var answer = Export(console, bundle, arguments, target, export);
            answers.Add(answer);
            if (IsJson(arguments))
            {
                continue;
            }

            if (answer.Result is not { } result)
            {
                console.Tell($"error: {answer.Error}");
                continue;
            }

            show?.Invoke(answer.Bundle, result);
            if (answer.Diagnostics > 0)
            {
                console.TellOfDefects(answer.Bundle, answer.Diagnostics);
            }
        }

        return answers;
    }

    public static int ExitCodeOf(IReadOnlyCollection<BundleAnswer<ExportAnswer>> answers) => answers.Max(static answer =>
        answer.Error is not null ? ExitCodes.Failure : answer.Diagnostics > 0 ? ExitCodes.Findings : ExitCodes.Success);

    private BundleAnswer<ExportAnswer> Export(CommandConsole console, FoundBundle bundle, ParseResult arguments, string target, Action<IReadOnlyList<RolloutSpan>> export)
    {
        if (bundle.Problem is not null)
        {
            return new BundleAnswer<ExportAnswer> { Bundle = bundle.Path, Error = bundle.Problem };
        }

        try
        {
            var rollout = OpenRollout.Open(BundleReader.Open(bundle.Path), new OpenRolloutOptions { Time = console.Time, Strict = arguments.GetValue(strict) });
            var spans = RolloutSpans.Of(rollout, new RolloutSpanOptions { WithContent = arguments.GetValue(content) });
            export(spans);
            return new BundleAnswer<ExportAnswer>
            {
                Bundle = bundle.Path,
                Diagnostics = rollout.Diagnostics.Count,
                Result = new ExportAnswer { Target = target, Spans = spans.Count, UnfinishedSpans = spans.Count(static span => span.Attributes.ContainsKey(RolloutSpans.Unfinished)) },
            };
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            return new BundleAnswer<ExportAnswer> { Bundle = bundle.Path, Error = e.Message };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new BundleAnswer<ExportAnswer> { Bundle = bundle.Path, Error = $"{bundle.Path}: {e.Message}" };
        }
    }
}
