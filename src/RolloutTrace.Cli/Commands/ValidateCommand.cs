using System.CommandLine;
using System.Text.Json;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Import;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace validate</c>: lists what does not hold in bundles and states.</summary>
internal sealed class ValidateCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly BundleArguments paths = new(ArgumentArity.OneOrMore);
    private readonly OutputFormat format = new("one document about all paths.");

    public ValidateCommand(CommandConsole console)
        : base("validate", "Check bundles and states: every defect of a bundle's evidence, every id in the state that names nothing, every rule of reduction that does not hold. A bundle is reduced anew; a state file is taken as it is.")
    {
        this.console = console;
        paths.Description = "A state.json, or bundles as other commands take them: a directory or archive, 'last', or a part of an id.";
        paths.AddTo(this);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace validate BUNDLE", "check the evidence and the state that follows from it"),
        ("rollout-trace validate BUNDLE/state.json", "check a state that some reducer has written"),
        ("rollout-trace validate rollout-traces --joined", "check what the bundles of several processes give together"),
        ("rollout-trace validate rollout-traces --format json", "check everything, for a program"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "everything holds"),
        (ExitCodes.Findings, "something does not; it is listed"),
        (ExitCodes.Failure, "something could not be read"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var answers = new List<BundleAnswer<ValidateAnswer>>();
        foreach (var some in Together(arguments))
        {
            if (some is [var path] && IsStateAlone(path))
            {
                answers.Add(Check(path, () => OfState(path)));
                continue;
            }

            using var found = paths.Read(console, arguments, some);
            answers.AddRange(found.Bundles.Select(static bundle => bundle.Problem is null
                ? Check(bundle.Path, () => OfBundle(bundle))
                : new BundleAnswer<ValidateAnswer> { Bundle = bundle.Path, Error = bundle.Problem }));
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ValidateAnswer> { Bundles = answers }, AnswerJson.Validate);
        }
        else
        {
            answers.ForEach(Show);
            ShowNext(answers, arguments);
        }

        return answers.Max(static answer => answer.Result switch
        {
            null => ExitCodes.Failure,
            { Diagnostics.Count: 0, Violations.Count: 0 } => ExitCodes.Success,
            _ => ExitCodes.Findings,
        });
    }

    // A state is joined with nothing.
    private IEnumerable<IReadOnlyList<string>> Together(ParseResult arguments)
    {
        var given = paths.Given(arguments);
        if (!paths.AreJoined(arguments))
        {
            return given.Select(static path => (IReadOnlyList<string>)[path]);
        }

        var bundles = given.Where(static path => !IsStateAlone(path)).ToList();
        return [.. given.Where(IsStateAlone).Select(static path => (IReadOnlyList<string>)[path]), .. bundles.Count > 0 ? [bundles] : Array.Empty<IReadOnlyList<string>>()];
    }

    private static bool IsStateAlone(string path) => BundleFinder.BundleOf(path) == path && IsState(path);

    private static BundleAnswer<ValidateAnswer> Check(string path, Func<ValidateAnswer> check)
    {
        try
        {
            var answer = check();
            return new BundleAnswer<ValidateAnswer> { Bundle = path, Result = answer, Diagnostics = CommandConsole.CountOf(answer.Diagnostics) };
        }
        catch (Exception e) when (e is BundleException or JsonException or IOException or UnauthorizedAccessException)
        {
            return new BundleAnswer<ValidateAnswer> { Bundle = path, Error = e is BundleException ? e.Message : $"{path}: {(e is JsonException json ? $"is no state of a rollout: {JsonWords.Of(json)}" : SystemWords.Of(e))}" };
        }
    }

    private static ValidateAnswer OfState(string path)
    {
        using var file = PlainFiles.Open(path);
        return ValidateAnswer.Of(RolloutGraph.Load(file));
    }

    private static ValidateAnswer OfBundle(FoundBundle bundle)
    {
        using var opened = bundle.Open();
        return ValidateAnswer.Of(opened.Reader);
    }

    // What begins like one: every other file is an archive, a session's log or spans, or nothing that is known.
    private static bool IsState(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var file = PlainFiles.Open(path);
            return file.ReadByte() is '{' or ' ' or '\t' or '\r' or '\n' or 0xEF or < 0 && !RolloutImport.Recognizes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    // Of a state nobody else can tell anything.
    private void ShowNext(List<BundleAnswer<ValidateAnswer>> answers, ParseResult arguments)
    {
        if (!paths.AreJoined(arguments) && answers is [{ Result: { } result, Bundle: var bundle }] && !IsState(bundle))
        {
            NextCommand.Show(new Screen(console), bundle, result.Diagnostics.Count == 0 ? "inspect" : "anomalies");
        }
    }

    private void Show(BundleAnswer<ValidateAnswer> answer)
    {
        var screen = new Screen(console);
        if (answer.Result is not { } result)
        {
            console.Out.Flush();
            console.Tell($"error: {answer.Error}");
            return;
        }

        var isSound = result.Diagnostics.Count + result.Violations.Count == 0;
        screen.Uncut(answer.Bundle, Emphasis.Title);
        screen.Line("  ", isSound
            ? new Segment("sound", Emphasis.Good)
            : new Segment($"{Wording.Of(CommandConsole.CountOf(result.Diagnostics), "defect")} of the evidence, {Wording.Of(result.Violations.Count, "violated rule")}", Emphasis.Bad));
        foreach (var diagnostic in result.Diagnostics)
        {
            var seq = diagnostic.Seq is { } number ? $", seq {number}" : "";
            screen.Wrapped($"  - {diagnostic.Code}, line {diagnostic.Line}{seq}: {diagnostic.Message}", indent: 4);
        }

        foreach (var violation in result.Violations)
        {
            screen.Wrapped($"  - {violation.Code}: {violation.Message}", indent: 4);
        }
    }
}
