using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What the exports have in common: which bundles, how much of them, and what is said of each.</summary>
internal sealed class ExportOptions
{
    private readonly BundleArguments paths = new(ArgumentArity.OneOrMore);
    private readonly FlagOption content = ContentOption.Create();
    private readonly Option<int?> contentLimit = ContentOption.CreateLimit();
    private readonly Option<Uri?> contentBase = ContentBaseOption.Create();
    private readonly Option<string?> newIds = NewIdsOption.Create();
    private readonly Option<string> serviceName = new("--service-name") { Description = "The name of the service that the spans are of.", HelpName = "NAME", DefaultValueFactory = static _ => "rollout-trace" };
    private readonly FlagOption strict = new("--strict") { Description = "Refuse a bundle at its first defect. Without it, the spans are of what is sound." };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    public void AddTo(Command command)
    {
        command.Add(serviceName);
        command.Add(content);
        command.Add(contentLimit);
        command.Add(contentBase);
        command.Add(newIds);
        paths.AddJoinedTo(command);
        command.Add(strict);
        format.AddTo(command);
        command.AddRule(result =>
        {
            if (result.GetValue(contentLimit) is not null && !result.GetValue(content))
            {
                result.AddError("--content-limit says how much content goes out, and without --content none does.");
            }
        });
    }

    /// <summary>Adds the argument that names the bundles.</summary>
    public void AddPathsTo(Command command) => paths.AddPathsTo(command);

    public static IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings(string done, string failed) =>
    [
        (ExitCodes.Success, done),
        (ExitCodes.Findings, $"{done}; of at least one bundle, which has defects, what is sound"),
        (ExitCodes.Failure, failed),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    public string ServiceName(ParseResult arguments) => arguments.GetRequiredValue(serviceName);

    public bool IsJson(ParseResult arguments) => format.IsJson(arguments);

    /// <summary>Whether <c>--format json</c> is given, for rules about the command line.</summary>
    public bool IsJson(System.CommandLine.Parsing.CommandResult command) => format.IsJson(command);

    /// <summary>Exports each bundle. One that cannot be read or exported does not stop the others.</summary>
    /// <param name="console">Takes what is wrong with each bundle, unless JSON is asked for.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="target">Takes the spans.</param>
    public List<BundleAnswer<ExportAnswer>> Export(CommandConsole console, ParseResult arguments, IExportTarget target)
    {
        var answers = new List<BundleAnswer<ExportAnswer>>();
        using var together = paths.Read(console, arguments);
        var bundles = together.Bundles;
        foreach (var bundle in bundles)
        {
            target.Begin(bundle.Path);
            var answer = Export(console, bundle, arguments, target);
            answers.Add(answer);
            if (IsJson(arguments))
            {
                continue;
            }

            target.End();
            if (answer.Result is not { } result)
            {
                console.Tell($"error: {answer.Error}");
                continue;
            }

            target.Show(answer.Bundle, result, isOneOfMany: bundles.Count > 1);
            if (answer.Diagnostics > 0)
            {
                console.TellOfDefects(answer.Bundle, answer.Diagnostics);
            }
        }

        return answers;
    }

    public static int ExitCodeOf(IReadOnlyCollection<BundleAnswer<ExportAnswer>> answers) => answers.Max(static answer =>
        answer.Error is not null || answer.Result is { Delivery: { Refused: > 0 } or { Undelivered: > 0 } } ? ExitCodes.Failure
        : answer.Diagnostics > 0 ? ExitCodes.Findings
        : ExitCodes.Success);

    private BundleAnswer<ExportAnswer> Export(CommandConsole console, FoundBundle bundle, ParseResult arguments, IExportTarget target)
    {
        if (bundle.Problem is not null)
        {
            return new BundleAnswer<ExportAnswer> { Bundle = bundle.Path, Error = bundle.Problem };
        }

        try
        {
            using var opened = bundle.Open();
            var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = console.Time, Strict = arguments.GetValue(strict) });
            var spans = RolloutSpans.Of(rollout, new RolloutSpanOptions
            {
                WithContent = arguments.GetValue(content),
                ContentLimit = arguments.GetValue(contentLimit) ?? 0,
                ContentBaseUri = arguments.GetValue(contentBase),
            });
            if (arguments.GetValue(newIds) is { } word)
            {
                spans = new NewIds(word).Of(spans);
            }

            return new BundleAnswer<ExportAnswer>
            {
                Bundle = bundle.Path,
                Diagnostics = CommandConsole.CountOf(rollout.Diagnostics),
                Result = new ExportAnswer
                {
                    Target = target.Name,
                    Spans = spans.Count,
                    UnfinishedSpans = spans.Count(static span => span.Attributes.ContainsKey(RolloutSpans.Unfinished)),
                    Delivery = target.Take(spans),
                },
            };
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            return new BundleAnswer<ExportAnswer> { Bundle = bundle.Path, Error = e.Message };
        }
    }
}
