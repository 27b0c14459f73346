using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Viewer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace view</c>: a rollout as a page to look at.</summary>
internal sealed class ViewCommand : Command, IDocumentedCommand
{
    private const string StandardOutput = "-";

    private readonly CommandConsole console;
    private readonly Argument<string[]> path = PathArguments.CreateBundles(ArgumentArity.ExactlyOne);
    private readonly Option<string?> output = new("--output", "-o") { Description = "The file to write; '-' for standard output. Default: the bundle's name with .html, in the current directory.", HelpName = "FILE|-" };
    private readonly FlagOption withoutContent = new("--no-content") { Description = "Leave out texts, arguments, outputs, command lines, errors and the raw evidence: names, ids, times and numbers stay, and the page says so." };
    private readonly FlagOption joined = JoinedBundles.CreateOption();
    private readonly FlagOption open = new("--open") { Description = "Open the page in the browser." };

    public ViewCommand(CommandConsole console)
        : base("view", "Write a rollout as one HTML page to look at: what the model saw at each request, what filled its context, why things happened, when, and between which agents. The page is one file, needs no network, and holds all that was said and done, unless --no-content.")
    {
        this.console = console;
        Add(path);
        Add(output);
        Add(withoutContent);
        Add(joined);
        Add(open);
        this.AddRule(result =>
        {
            if (result.GetValue(output) == StandardOutput && result.GetValue(open))
            {
                result.AddError("--open needs a file, and --output - writes none.");
            }
        });
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace view BUNDLE --open", "the page, in the browser"),
        ("rollout-trace view rollout-traces --joined", "the page of a rollout that several processes have recorded"),
        ("rollout-trace view BUNDLE -o rollout.html --no-content", "a page without what was said, to pass on"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "written"),
        (ExitCodes.Failure, "the bundle could not be read, or the page not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        using var together = JoinedBundles.Of(console, console.FindBundles(arguments.GetRequiredValue(path)), arguments.GetValue(joined));
        var bundles = together.Bundles;
        if (bundles.Count > 1)
        {
            console.Tell($"error: {arguments.GetRequiredValue(path)[0]}: holds {bundles.Count} bundles; a page is of one");
            return ExitCodes.Failure;
        }

        if (bundles[0].Problem is { } problem)
        {
            console.Tell($"error: {problem}");
            return ExitCodes.Failure;
        }

        try
        {
            using var opened = bundles[0].Open();
            var options = new RolloutPageOptions { HasContent = !arguments.GetValue(withoutContent) };
            using var evidence = new RolloutEvidence(opened.Reader, options);
            var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = console.Time });
            if (rollout.Diagnostics.Count > 0)
            {
                console.TellOfDefects(bundles[0].Path, rollout.Diagnostics.Count);
            }

            return Write(arguments, bundles[0], stream => RolloutPage.Write(rollout, evidence, stream, options));
        }
        catch (BundleException e)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
    }

    private int Write(ParseResult arguments, FoundBundle bundle, Action<Stream> write)
    {
        var file = arguments.GetValue(output) ?? $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle.Path)))}.html";
        if (file == StandardOutput)
        {
            write(console.Output);
            return ExitCodes.Success;
        }

        try
        {
            AtomicFile.WriteAsNamed(file, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {file}: cannot be written: {e.Message}");
            return ExitCodes.Failure;
        }

        console.WritePath(file);
        return !arguments.GetValue(open) || Browser.Open(file, console) ? ExitCodes.Success : ExitCodes.Failure;
    }
}
