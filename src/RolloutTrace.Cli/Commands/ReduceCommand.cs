using System.CommandLine;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace reduce</c>: rebuilds the state of bundles and writes it beside their evidence.</summary>
internal sealed class ReduceCommand : Command, IDocumentedCommand
{
    private const string StandardOutput = "-";

    private readonly CommandConsole console;

    private readonly BundleArguments paths = new(ArgumentArity.OneOrMore) { JoinedDescription = "Join the bundles first, as 'rollout-trace join' does, and write the state of the whole to --output." };

    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = $"Where to write the state of the one bundle given; '-' for standard output. Default: {BundleLayout.StateFileName} in each bundle.",
        HelpName = "FILE|-",
    };

    private readonly FlagOption summary = new("--summary")
    {
        Description = "Write no state; print a line a bundle that says how much it holds.",
    };

    private readonly FlagOption strict = new("--strict")
    {
        Description = "Refuse a bundle at its first defect, as Codex's reducer does, and write nothing for it. Without it, what is sound is kept and each defect is listed, also in the state.",
    };

    private readonly Option<int?> jobs = CountOption.Create("--jobs", "How many bundles to reduce at a time. Default: as many as there are processors.", "-j");

    private readonly OutputFormat format = new("One JSON document about the run instead of the paths written; nothing on standard error but what --joined leaves out.");

    public ReduceCommand(CommandConsole console)
        : base("reduce", "Rebuild rollout state from bundles. Prints the path of each state written; what is wrong with a bundle goes to standard error.")
    {
        this.console = console;
        paths.AddTo(this);
        Add(output);
        Add(summary);
        Add(strict);
        Add(jobs);
        format.AddTo(this);
        this.AddRule(result =>
        {
            if (result.GetValue(output) == StandardOutput && format.IsJson(result))
            {
                result.AddError("--output - and --format json both want standard output.");
            }

            if (paths.AreJoined(result) && result.GetValue(output) is null && !result.GetValue(summary))
            {
                result.AddError("--joined gives one state of several bundles, which belongs into none of them: --output says where it goes, and 'rollout-trace join' makes a bundle for it.");
            }

            if (result.GetValue(output) is not null && result.GetValue(summary))
            {
                result.AddError("--output says where the state goes, and with --summary there is none.");
            }
        });
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace reduce rollout-traces/trace-018f-019a", "write state.json into that bundle"),
        ("rollout-trace reduce rollout-traces --jobs 4", "reduce every bundle below a directory, four at a time"),
        ("rollout-trace reduce BUNDLE --output - | jq .status", "look at the state without writing a file"),
        ("rollout-trace reduce rollout-traces --summary", "how much each holds, and what is wrong with it, without writing anything"),
        ("rollout-trace reduce rollout-traces --joined -o state.json", "the state of a rollout over several processes"),
        ("rollout-trace reduce BUNDLE --strict", "fail at the first defect, naming file, line and id"),
        ("rollout-trace reduce rollout-traces --format json", "what was written and found, for a program"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "every bundle was sound and its state is written (not with --summary)"),
        (ExitCodes.Findings, "every bundle was reduced, but at least one has diagnostics"),
        (ExitCodes.Failure, "at least one bundle could not be reduced; the others were"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var target = arguments.GetValue(output);
        var isJson = format.IsJson(arguments);
        using var found = paths.Read(console, arguments, withHint: !isJson);
        var bundles = found.Bundles;
        if (target is not null && bundles.Count > 1)
        {
            console.Tell($"--output takes one bundle, and the paths given mean {bundles.Count}.");
            return ExitCodes.Usage;
        }

        var reducer = new BundleReducer
        {
            Strict = arguments.GetValue(strict),
            Output = target,
            CountsOnly = arguments.GetValue(summary),
            StandardOutput = target == StandardOutput ? console.Output : null,
        };
        using var run = new ReductionRun(bundles, reducer);
        run.Start(arguments.GetValue(jobs) ?? Environment.ProcessorCount);
        ProgressDisplay.ShowUntilDone(run, console);
        var outcomes = new List<ReductionOutcome>();
        for (var i = 0; i < run.Count; i++)
        {
            outcomes.Add(run.WaitFor(i));
            if (!isJson)
            {
                ReductionReport.Write(outcomes[i], console, withCounts: reducer.CountsOnly);
            }
        }

        if (isJson)
        {
            JsonOutput.Write(console, ReductionSummary.Of(outcomes), ReportJsonContext.Default.ReductionSummary);
        }

        return outcomes.Max(static outcome => outcome.ExitCode);
    }
}
