using System.CommandLine;
using System.CommandLine.Parsing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace redact</c>: copies of bundles without the secrets in them.</summary>
internal sealed class RedactCommand : CopyCommand<RedactAnswer, RedactResult>
{
    private readonly Option<string[]> patterns;
    private readonly Option<string[]> keys;
    private readonly Option<bool> onlyGiven;
    private readonly Option<string?> markKey;

    public RedactCommand(CommandConsole console)
        : this(
            console,
            new Option<string[]>("--pattern") { Description = "A regular expression of .NET. What it matches in a text is a secret; if it has a group named secret, what that matches. May be repeated.", HelpName = "RE", AllowMultipleArgumentsPerToken = true },
            new Option<string[]>("--keys") { Description = "Names under which secrets stand, whatever their case: of members, with all that is in them, and in text as NAME=value. May be repeated.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true },
            new FlagOption("--only-given") { Description = "Leave what only the known shapes of keys and tokens match." },
            new Option<string?>("--mark-key") { Description = "Make marks from this text instead of a secret of this run, so that the same secret has the same mark in the next copy. Who knows it can test what a mark stands for.", HelpName = "TEXT" })
    {
    }

    private RedactCommand(CommandConsole console, Option<string[]> patterns, Option<string[]> keys, Option<bool> onlyGiven, Option<string?> markKey)
        : base(
            console,
            "redact",
            "Copy bundles without the secrets in them: keys and tokens of known shapes, and what is given. A mark stands in the place of a secret, the same for the same secret, wherever it stands; everything else stays, and the graph is the same. It says what was replaced how often and where, without saying it.",
            patterns,
            keys,
            onlyGiven,
            markKey)
    {
        this.patterns = patterns;
        this.keys = keys;
        this.onlyGiven = onlyGiven;
        this.markKey = markKey;
        patterns.Validators.Add(Check);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace redact BUNDLE -o clean", "without keys, tokens and passwords of known shapes"),
        ("rollout-trace redact BUNDLE -o clean --pattern 'ACME-[0-9A-F]{12}' --keys db_password pin", "and without one's own"),
        ("rollout-trace redact rollout-traces -o clean --joined", "of a rollout over several processes, as one bundle"),
        ("rollout-trace redact rollout-traces -o clean --format json", "of every bundle, with a report for programs"),
    ];

    /// <inheritdoc/>
    protected override void Show(string bundle, RedactAnswer answer)
    {
        Console.WritePath(answer.Output);
        var secrets = answer.Written.Secrets;
        if (secrets.Count == 0)
        {
            Console.Out.WriteLine("no secret was found");
        }
        else
        {
            Console.Out.WriteLine($"{Wording.Of(secrets.Count, "secret")}, replaced {Wording.Of(secrets.Sum(static secret => secret.Count), "time")}:");
        }

        foreach (var secret in secrets)
        {
            var more = secret.PlaceCount > 1 ? $" and {Wording.Of(secret.PlaceCount - 1, "more place")}" : "";
            Console.Out.WriteLine(TerminalText.OneLine($"  {secret.Mark}  {secret.Rule}, {Wording.Of(secret.Count, "time")}: {Describe(secret.Places[0])}{more}"));
        }

        if (answer.Written.Unreadable > 0)
        {
            Console.Tell($"{bundle}: markers stand for {Wording.Of(answer.Written.Unreadable, "line or payload", "lines or payloads")} that could not be read");
        }
    }

    private static string Describe(RedactedPlace place) =>
        $"{place.File}{(place.Line is { } line ? $":{line}" : "")}{(place.Member is null ? "" : $" {place.Member}")}";

    private void Check(OptionResult result)
    {
        try
        {
            BundleRedactor.Check(new RedactOptions { Key = KeyOf(null), Patterns = result.GetValueOrDefault<string[]>() ?? [], KnownShapes = false });
        }
        catch (ArgumentException e)
        {
            result.AddError($"--pattern: {e.Message}");
        }
    }

    private int Run(ParseResult arguments)
    {
        var options = new RedactOptions
        {
            Key = KeyOf(arguments.GetValue(markKey)),
            Patterns = arguments.GetValue(patterns) ?? [],
            Keys = arguments.GetValue(keys) ?? [],
            KnownShapes = !arguments.GetValue(onlyGiven),
        };
        return Run(
            arguments,
            ReportJsonContext.Default.BundleAnswersRedactAnswer,
            manifest => BundleScrubber.DirectoryName(manifest, new ScrubOptions { Key = options.Key }),
            (bundle, place) => BundleRedactor.Redact(bundle, place, options),
            static (target, written) => new RedactAnswer { Output = target, Written = written },
            static answer => answer.Written.Unreadable > 0);
    }
}
