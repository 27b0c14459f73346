using System.CommandLine;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace scrub</c>: copies of bundles that can be shared.</summary>
internal sealed class ScrubCommand : CopyCommand<ScrubAnswer, ScrubResult>
{
    private readonly Option<string[]> keep;
    private readonly Option<string?> key;

    public ScrubCommand(CommandConsole console)
        : this(
            console,
            new Option<string[]>("--keep") { Description = "Leave a member as it is, with all that is in it: its name, or the last names on the way to it, such as cwd or arguments.cmd. May be repeated.", HelpName = "NAME" },
            new Option<string?>("--key") { Description = "Make replacements from this text instead of a secret of this run, so that the same bundle gives the same copy. Who knows it can test what a replacement stands for.", HelpName = "TEXT" })
    {
    }

    private ScrubCommand(CommandConsole console, Option<string[]> keep, Option<string?> key)
        : base(console, "scrub", "Copy bundles for others to see: same structure, same graph, every free text replaced, equal texts by equal ones. Ids, types, roles, statuses, numbers, times, and names of tools, servers and models stay; prompts, answers, reasoning, arguments, outputs, commands, paths, errors, agents' names and whatever is not known goes. Lengths of texts are not kept.", keep, key)
    {
        this.keep = keep;
        this.key = key;
        SetAction(Run);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace scrub BUNDLE -o scrubbed", "a copy without content, to attach to a report"),
        ("rollout-trace scrub rollout-traces -o scrubbed --keep command --keep arguments.cmd", "of every bundle, with the commands that were run"),
        ("rollout-trace scrub rollout-traces -o scrubbed --joined", "of a rollout over several processes, as one bundle"),
        ("rollout-trace scrub BUNDLE -o scrubbed --key \"$(cat key)\"", "the same copy each time"),
    ];

    /// <inheritdoc/>
    protected override void Show(string bundle, ScrubAnswer answer)
    {
        Console.WritePath(answer.Output);
        if (HasMarkers(answer))
        {
            Console.Tell(
                $"{bundle}: markers stand for {Wording.Of(answer.Written.UnreadableLines, "line")} and {Wording.Of(answer.Written.UnreadablePayloads, "payload")} that could not be read");
        }
    }

    private static bool HasMarkers(ScrubAnswer answer) => answer.Written.UnreadableLines + answer.Written.UnreadablePayloads > 0;

    private int Run(ParseResult arguments)
    {
        var options = new ScrubOptions { Key = KeyOf(arguments.GetValue(key)), Keep = arguments.GetValue(keep) ?? [] };
        return Run(
            arguments,
            ReportJsonContext.Default.BundleAnswersScrubAnswer,
            manifest => BundleScrubber.DirectoryName(manifest, options),
            (bundle, place) => BundleScrubber.Scrub(bundle, place, options),
            static (target, written) => new ScrubAnswer { Output = target, Written = written },
            HasMarkers);
    }
}
