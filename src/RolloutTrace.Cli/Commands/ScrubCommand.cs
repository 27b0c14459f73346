using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace scrub</c>: copies of bundles that can be shared.</summary>
internal sealed class ScrubCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> path = PathArguments.CreateBundles(ArgumentArity.ExactlyOne);
    private readonly Option<string> output = new("--output", "-o") { Description = "The directory to write, which must not exist or be empty. Of a bundle it becomes the copy; of a directory with bundles it gets a copy of each.", HelpName = "DIR", Required = true };
    private readonly Option<string[]> keep = new("--keep") { Description = "Leave a member as it is, with all that is in it: its name, or the last names on the way to it, such as cwd or arguments.cmd. May be repeated.", HelpName = "NAME" };
    private readonly Option<string?> key = new("--key") { Description = "Make replacements from this text instead of a secret of this run, so that the same bundle gives the same copy. Who knows it can test what a replacement stands for.", HelpName = "TEXT" };
    private readonly Option<string> format = OutputFormat.CreateOption("one document with an entry for each bundle.");

    public ScrubCommand(CommandConsole console)
        : base("scrub", "Copy bundles for others to see: same structure, same graph, every free text replaced, equal texts by equal ones. Ids, types, roles, statuses, numbers, times, and names of tools, servers and models stay; prompts, answers, reasoning, arguments, outputs, commands, paths, errors, agents' names and whatever is not known goes. Lengths of texts are not kept.")
    {
        this.console = console;
        Add(path);
        Add(output);
        Add(keep);
        Add(key);
        Add(format);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace scrub BUNDLE -o scrubbed", "a copy without content, to attach to a report"),
        ("rollout-trace scrub rollout-traces -o scrubbed --keep command --keep arguments.cmd", "of every bundle, with the commands that were run"),
        ("rollout-trace scrub BUNDLE -o scrubbed --key \"$(cat key)\"", "the same copy each time"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "copied"),
        (ExitCodes.Findings, "copied; markers stand for lines or payloads that could not be read"),
        (ExitCodes.Failure, "at least one bundle could not be read, or the copy not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var source = BundleFinder.BundleOf(arguments.GetRequiredValue(path)[0]);
        var target = arguments.GetRequiredValue(output);
        if (WhyNot(source, target) is { } problem)
        {
            console.Tell($"error: {problem}");
            return ExitCodes.Failure;
        }

        var options = new ScrubOptions
        {
            Key = arguments.GetValue(key) is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
            Keep = arguments.GetValue(keep) ?? [],
        };
        var answers = new List<BundleAnswer<ScrubAnswer>>();
        try
        {
            AtomicDirectory.Write(target, directory =>
            {
                var isOne = BundleReader.IsBundle(source);
                answers.AddRange(BundleFinder.Find([source]).Select(bundle => Scrub(bundle, isOne, directory, target, options)));
                return answers.Exists(static answer => answer.Result is not null);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {target}: cannot be written: {e.Message}");
            return ExitCodes.Failure;
        }

        if (arguments.GetValue(format) == OutputFormat.Json)
        {
            JsonOutput.Write(console, new BundleAnswers<ScrubAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersScrubAnswer);
        }
        else
        {
            answers.ForEach(Show);
        }

        return answers.Max(static answer => answer.Result switch
        {
            null => ExitCodes.Failure,
            { Written: { UnreadableLines: 0, UnreadablePayloads: 0 } } => ExitCodes.Success,
            _ => ExitCodes.Findings,
        });
    }

    private static string? WhyNot(string source, string target)
    {
        var inside = Path.GetRelativePath(source, target);
        return inside == "." || !(inside.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inside))
            ? $"{target}: lies in {source}, which is to be copied"
            : AtomicDirectory.WhyNot(target);
    }

    // A bundle that cannot be read leaves nothing behind and does not stop the others; a copy that cannot be written does.
    private static BundleAnswer<ScrubAnswer> Scrub(FoundBundle bundle, bool isOne, string directory, string target, ScrubOptions options)
    {
        if (bundle.Problem is not null)
        {
            return new BundleAnswer<ScrubAnswer> { Bundle = bundle.Path, Error = bundle.Problem };
        }

        string? place = null;
        try
        {
            var reader = BundleReader.Open(bundle.Path);
            var name = isOne ? "" : FreeName(directory, BundleScrubber.DirectoryName(reader.Manifest, options));
            place = Path.Join(directory, name);
            var written = BundleScrubber.Scrub(reader, place, options);
            return new BundleAnswer<ScrubAnswer> { Bundle = bundle.Path, Result = new ScrubAnswer { Output = isOne ? target : Path.Join(target, name), Written = written } };
        }
        catch (BundleException e)
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            return new BundleAnswer<ScrubAnswer> { Bundle = bundle.Path, Error = e.Message };
        }
    }

    // Copies of one bundle can lie in several directories below the one given.
    private static string FreeName(string directory, string name)
    {
        var free = name;
        for (var i = 2; Path.Exists(Path.Join(directory, free)); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    private void Show(BundleAnswer<ScrubAnswer> answer)
    {
        if (answer.Result is not { } result)
        {
            console.Out.Flush();
            console.Tell($"error: {answer.Error}");
            return;
        }

        console.WritePath(result.Output);
        if (result.Written.UnreadableLines + result.Written.UnreadablePayloads > 0)
        {
            console.Tell(
                $"{answer.Bundle}: markers stand for {Wording.Of(result.Written.UnreadableLines, "line")} and {Wording.Of(result.Written.UnreadablePayloads, "payload")} that could not be read");
        }
    }
}
