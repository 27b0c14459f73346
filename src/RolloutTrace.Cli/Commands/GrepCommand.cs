using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace grep</c>: looks for a text in rollouts.</summary>
internal sealed class GrepCommand : QueryCommand<GrepAnswer>
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(10);

    private readonly Argument<string> pattern = new("pattern") { Description = "A regular expression of .NET, matched line by line." };
    private readonly FlagOption fixedText = new("--fixed", "-F") { Description = "The pattern is plain text." };
    private readonly FlagOption ignoreCase = new("--ignore-case", "-i") { Description = "Capital and small letters are the same." };

    private readonly PageOptions page = new("hits of a bundle", isLimited: true);

    public GrepCommand(CommandConsole console)
        : base(console, "grep", "Look for a text in what model and runtime did: conversation items, commands and their output, inputs and results of tools, code. Each hit has the id to give to explain, the part it is in, and the line.")
    {
        Add(pattern);
        AddPathsAndFormat();
        Add(fixedText);
        Add(ignoreCase);
        page.AddTo(this);
        this.AddRule(result =>
        {
            if (result.GetValue(pattern) is { } text && !result.GetValue(fixedText) && WhyNoPattern(text) is { } why)
            {
                result.AddError($"'{text}' is no regular expression: {why} --fixed takes it as plain text.");
            }
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace grep 'error CS\\d+' BUNDLE", "where compiler errors turn up"),
        ("rollout-trace grep -F 'rm -rf' rollout-traces", "which agents ran or wrote that"),
        ("rollout-trace grep -i todo BUNDLE --format json", "the same for a program"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "something was found"),
        (ExitCodes.Findings, "nothing was found"),
        (ExitCodes.Failure, "at least one bundle could not be read"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<GrepAnswer>> AnswerType => AnswerJson.Grep;

    /// <inheritdoc/>
    protected override GrepAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var text = arguments.GetRequiredValue(pattern);
        var options = RegexOptions.CultureInvariant | (arguments.GetValue(ignoreCase) ? RegexOptions.IgnoreCase : RegexOptions.None);
        var regex = new Regex(arguments.GetValue(fixedText) ? Regex.Escape(text) : text, options, PatternTimeout);
        try
        {
            var answer = GrepAnswer.Of(rollout, regex);
            var hits = page.Of(answer.Hits, arguments, IsJson(arguments));
            return answer with { Hits = hits, NextOffset = page.Next(hits.Count, answer.Total, arguments) };
        }
        catch (RegexMatchTimeoutException)
        {
            throw new QueryException($"the pattern takes more than {PatternTimeout.TotalSeconds} s on one line");
        }
    }

    /// <inheritdoc/>
    protected override bool IsWorthShowing(GrepAnswer answer) => answer.Total > 0;

    /// <inheritdoc/>
    protected override int ExitCodeOf(IReadOnlyCollection<int> ofBundles) =>
        ofBundles.Contains(ExitCodes.Failure) ? ExitCodes.Failure : ofBundles.Min();

    /// <inheritdoc/>
    protected override int ExitCodeOf(GrepAnswer answer) => answer.Total > 0 ? ExitCodes.Success : ExitCodes.Findings;

    /// <inheritdoc/>
    protected override void Show(GrepAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        foreach (var hit in answer.Hits)
        {
            var id = ShortId.Of(hit.Id);
            var place = $" {hit.Part}:{hit.Line}: ";
            var (before, match, after) = MatchLine.Fit(hit, screen.Width - TerminalText.Columns(id) - TerminalText.Columns(place));
            screen.Line(new Segment(id, Emphasis.Title), new Segment(place, Emphasis.Faint), before, new Segment(match, Emphasis.Bad), after);
        }

        if (page.Rest(answer.Hits.Count, answer.Total, arguments) is { } rest)
        {
            screen.Line(new Segment($"{rest} hits", Emphasis.Faint));
        }

        // A breadcrumb is all that there is to know of it.
        if (answer.Hits.FirstOrDefault(hit => !rollout.Graph.RawPayloads.ContainsKey(hit.Id)) is { } explained)
        {
            ShowNext(screen, "explain", ShortId.Of(explained.Id));
        }
    }

    private static string? WhyNoPattern(string text)
    {
        try
        {
            _ = new Regex(text, RegexOptions.None, PatternTimeout);
            return null;
        }
        catch (RegexParseException e)
        {
            return e.Message;
        }
    }
}
