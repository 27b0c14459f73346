using System.CommandLine;
using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Cli.Replaying;
using RolloutTrace.Replay;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace replay</c>: a recording as a model that an agent of any language can be run against.</summary>
internal sealed class ReplayCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly BundleArguments paths = new(ArgumentArity.ExactlyOne);
    private readonly Option<int> port = ServedCommand.CreatePort();
    private readonly Option<Uri?> live = new("--live") { Description = "The base address of a model, such as https://api.openai.com/v1: it answers from the first request on that was never asked. It gets the headers of the caller, whose key stays the caller's.", HelpName = "URL" };
    private readonly Option<string?> from = new("--from") { Description = "The request that the live model answers from at the latest: its id, the end of it, or '#3' for the third. Requests before it may have other instructions, tools and parameters than were recorded.", HelpName = "REQUEST" };
    private readonly Option<string[]> ignore = new("--ignore") { Description = "What of a request need not be as recorded: instructions, tools, parameters or model. May be repeated.", HelpName = "WHAT" };
    private readonly Option<bool> once = new("--once") { Description = "A request that is asked more often than it was recorded is an error. Default: it gets its answers again, from the first." };
    private readonly Option<double> speed = new("--speed") { Description = "How fast answers come: 1 takes the time that was recorded, 2 half of it. Default: 0, no time at all.", HelpName = "X" };
    private readonly Option<string[]> volatiles = new("--volatile") { Description = "A regular expression of .NET: texts that differ only where it matches are equal. May be repeated.", HelpName = "REGEX" };

    public ReplayCommand(CommandConsole console)
        : base("replay", "Play a rollout again, as an agent's model: a server on this machine alone, for agents of any language, that speaks OpenAI's Chat Completions and Responses and gives the recorded answers, streamed or not, whichever API they were recorded from. What failed fails again. What was never asked is an error (404) that names the nearest recorded request and where it differs first. It prints its base address. Ctrl+C ends it.")
    {
        this.console = console;
        live.CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"--live takes an address that begins with http:// or https://, not '{result.Tokens[0].Value}'.");
            return null;
        };
        speed.CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                return number;
            }

            result.AddError($"--speed takes a number that is not negative, not '{result.Tokens[0].Value}'.");
            return 0;
        };
        ignore.Validators.Add(static result =>
        {
            foreach (var word in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (GivenOf(word) == ReplayGiven.None)
                {
                    result.AddError($"--ignore takes instructions, tools, parameters or model, not '{word}'.");
                }
            }
        });
        volatiles.Validators.Add(DiffCommand.Check);
        Validators.Add(result =>
        {
            if (result.GetResult(from) is { Implicit: false } && result.GetResult(live) is null)
            {
                result.AddError("--from needs --live: it says from where on that answers.");
            }
        });
        paths.AddPathsTo(this);
        Add(port);
        Add(live);
        Add(from);
        Add(ignore);
        Add(once);
        Add(speed);
        Add(volatiles);
        paths.AddJoinedTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace replay last --port 8124", "the newest rollout, for an agent with OPENAI_BASE_URL=http://127.0.0.1:8124/v1"),
        ("rollout-trace replay last --live https://api.openai.com/v1 --from '#40'", "run again from the 40th request"),
        ("rollout-trace replay last --ignore model --once", "with another model's name; each answer once"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "it was told to end"),
        (ExitCodes.Failure, "the bundle could not be read, it has no such request, or the port cannot be listened on"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private static ReplayGiven GivenOf(string word) => word switch
    {
        "instructions" => ReplayGiven.Instructions,
        "tools" => ReplayGiven.Tools,
        "parameters" => ReplayGiven.Parameters,
        "model" => ReplayGiven.Model,
        _ => ReplayGiven.None,
    };

    private int Run(ParseResult arguments)
    {
        var named = paths.Given(arguments)[0];
        using var together = paths.Read(console, arguments);
        var all = together.Bundles;
        if (all is not [{ Problem: null } found])
        {
            console.Tell($"error: {(all is [{ Problem: { } problem }] ? problem : $"{named}: has {Wording.Of(all.Count, "bundle")}; name one")}");
            return ExitCodes.Failure;
        }

        try
        {
            using var opened = found.Open();
            using var run = RecordedRun.Of(opened.Reader, (arguments.GetValue(volatiles) ?? []).Select(DiffCommand.PatternOf));
            console.TellOfDefects(found.Path, run.Rollout);
            return Serve(arguments, run);
        }
        catch (Exception e) when (e is BundleException or ArgumentException)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
    }

    private int Serve(ParseResult arguments, RecordedRun run)
    {
        var options = new ReplayOptions
        {
            Given = (arguments.GetValue(ignore) ?? []).Aggregate(ReplayGiven.All, static (given, word) => given & ~GivenOf(word)),
            AfterLast = arguments.GetValue(once) ? ReplayAfterLast.Fail : ReplayAfterLast.StartAgain,
            Speed = arguments.GetValue(speed),
            Time = console.Time,
        };
        var session = new ReplaySession(run, options, arguments.GetValue(from) is { } request ? run.Requests.Named(request) : null);
        using var model = arguments.GetValue(live) is { } address ? new LiveModel(address) : null;
        return ServedCommand.Run(console, arguments.GetValue(port), stop => ReplayServer.Run(session, model, arguments.GetValue(port), Ready, console.Tell, stop));

        void Ready(string address)
        {
            console.Tell($"{Wording.Of(run.Requests.All.Count, "request")} recorded. For the agent: OPENAI_BASE_URL={address} {ReplayOrigin.Variable}={run.Origin}");
            console.WritePath(address);
        }
    }
}
