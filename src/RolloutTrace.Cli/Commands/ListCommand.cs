using System.CommandLine;
using System.Globalization;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace list</c>: the bundles below directories, newest first.</summary>
internal sealed class ListCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly Option<DateTimeOffset?> since = TimeOption("--since", "Only rollouts that started at this time or later.");
    private readonly Option<DateTimeOffset?> until = TimeOption("--until", "Only rollouts that started before this time.");
    private readonly Option<string?> status = new Option<string?>("--status") { Description = "Only rollouts with this status. Of a rollout whose log has no end: cut if its recorder says that it lost events, running if its recorder lives, died if it is gone or nothing has happened for 7 days, unended if nothing tells." }
        .Among([.. Enum.GetValues<RolloutStanding>().Select(KindName.Of)]);

    private readonly Option<string?> agent = new("--agent") { Description = "Only rollouts with an agent of this path or last name.", HelpName = "AGENT" };
    private readonly FlagOption noTokens = new("--no-tokens") { Description = "Leave out tokens, for which every response is opened." };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    private readonly PageOptions page = new("rollouts", isLimited: true);

    public ListCommand(CommandConsole console)
        : base("list", "List bundles, newest first: when they started (UTC), how long they ran, status, agents, turns, requests, tool calls, tokens, size, model and directory, and the first words of the user. Where the terminal is wide enough each has one line. Reads manifests, logs, first requests and the beginnings of responses; nothing is reduced.")
    {
        this.console = console;
        Add(paths);
        Add(since);
        Add(until);
        Add(status);
        Add(agent);
        Add(noTokens);
        page.AddTo(this);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace list rollout-traces", "what is there"),
        ("rollout-trace list rollout-traces --since 2026-02-01 --status failed", "what failed since then"),
        ("rollout-trace list rollout-traces --status died", "what was killed, or crashed"),
        ("rollout-trace list rollout-traces --agent worker", "rollouts with an agent of that name"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "listed; the list may be empty"),
        (ExitCodes.Failure, "at least one path or bundle could not be read; the others are listed"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private static Option<DateTimeOffset?> TimeOption(string name, string description)
    {
        var option = new Option<DateTimeOffset?>(name) { Description = $"{description} A date or time, in UTC if it has no offset.", HelpName = "TIME" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }

            result.AddError($"{name} takes a date or time such as 2026-02-01 or 2026-02-01T12:30:00Z, not '{text}'.");
            return null;
        };
        return option;
    }

    private int Run(ParseResult arguments)
    {
        var found = console.FindBundles(arguments.GetRequiredValue(paths));
        var read = new (BundleOverview? Overview, string? Error)[found.Count];
        Parallel.For(0, found.Count, i => read[i] = Read(found[i], arguments));

        ForgetWhatIsGone(found, arguments);
        var all = read
            .Select(static entry => entry.Overview)
            .OfType<BundleOverview>()
            .Where(overview => IsMeant(overview, arguments))
            .OrderByDescending(static overview => overview.StartedAtUnixMs)
            .ThenBy(static overview => overview.Bundle, StringComparer.Ordinal)
            .ToList();
        var overviews = page.Of(all, arguments, format.IsJson(arguments));
        var errors = read.Select(static entry => entry.Error).OfType<string>().ToList();
        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new ListAnswer { Total = all.Count, NextOffset = page.Next(overviews.Count, all.Count, arguments), Bundles = overviews, Errors = errors }, AnswerJson.List);
        }
        else
        {
            var screen = new Screen(console);
            OverviewPrinter.Print(overviews, screen, new RolloutRoot(console.Environment));
            if (page.Rest(overviews.Count, all.Count, arguments) is { } rest)
            {
                console.Out.WriteLine($"{rest} rollouts");
            }

            if (overviews is [var newest, ..])
            {
                NextCommand.Show(screen, newest.Bundle, "inspect");
            }

            console.Out.Flush();
            foreach (var overview in overviews.Where(static overview => overview.UnreadableLines > 0))
            {
                console.Tell($"{overview.Bundle}: {Wording.Of(overview.UnreadableLines, "line")} of its log cannot be read; this is from the others");
            }

            foreach (var overview in overviews)
            {
                if (overview.Damage is { } damage)
                {
                    console.Tell($"{overview.Bundle}: {damage}; this is from the rest");
                }

                if (overview.Collected is { } hole)
                {
                    console.Tell($"{overview.Bundle}: was collected, and {hole}; this is from the rest");
                }
            }

            errors.ForEach(error => console.Tell($"error: {error}"));
        }

        return errors.Count > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private void ForgetWhatIsGone(IReadOnlyList<FoundBundle> found, ParseResult arguments)
    {
        var packed = found.Where(static bundle => bundle.Kind == FoundBundleKind.Packed).Select(static bundle => Path.GetDirectoryName(Path.GetFullPath(bundle.Path))!);
        foreach (var directory in arguments.GetRequiredValue(paths).Where(Directory.Exists).Select(Path.GetFullPath).Concat(packed).Distinct(StringComparer.Ordinal))
        {
            OverviewCache.Forget(directory, console.Time.GetUtcNow());
        }
    }

    private (BundleOverview? Overview, string? Error) Read(FoundBundle bundle, ParseResult arguments)
    {
        if (bundle.Problem is not null)
        {
            return (null, bundle.Problem);
        }

        try
        {
            using var opened = bundle.Open();
            var reader = opened.Reader;
            if (!IsInTime(reader.Manifest, arguments))
            {
                return (null, null);
            }

            return (bundle.ReadOverview(opened, console.Time.GetUtcNow(), !arguments.GetValue(noTokens)) with { Bundle = bundle.Path }, null);
        }
        catch (BundleException e)
        {
            // What a recorder has deleted meanwhile, since it keeps no more than so much, is no rollout that is here.
            var isGone = bundle.Kind is FoundBundleKind.Directory or FoundBundleKind.Packed && !Path.Exists(bundle.Path);
            return (null, isGone ? null : e.Message);
        }
    }

    // The manifest tells, so that nothing else is read of bundles from other times.
    private bool IsInTime(BundleManifest manifest, ParseResult arguments) =>
        !(arguments.GetValue(since) is { } from && manifest.StartedAtUnixMs < from.ToUnixTimeMilliseconds())
        && !(arguments.GetValue(until) is { } to && manifest.StartedAtUnixMs >= to.ToUnixTimeMilliseconds());

    private bool IsMeant(BundleOverview overview, ParseResult arguments)
    {
        if (arguments.GetValue(status) is { } wanted && KindName.Of(overview.Status) != wanted)
        {
            return false;
        }

        return arguments.GetValue(agent) is not { } name
            || overview.Agents.Any(path => path == name || path.EndsWith("/" + name, StringComparison.Ordinal));
    }
}
