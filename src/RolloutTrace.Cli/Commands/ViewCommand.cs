using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.Viewer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace view</c>: a rollout as a page to look at.</summary>
internal sealed class ViewCommand : Command, IDocumentedCommand
{
    private const string StandardOutput = "-";

    private readonly CommandConsole console;
    private readonly BundleArguments paths = new(new ArgumentArity(1, 2)) { JoinedDescription = JoinedBundles.OfEachPath };
    private readonly Option<string?> output = new("--output", "-o") { Description = "The file to write; '-' for standard output. Default: the bundle's name with .html, in the current directory; of two bundles both names.", HelpName = "FILE|-" };
    private readonly FlagOption withoutContent = new("--no-content") { Description = "Leave out texts, arguments, outputs, command lines, errors and the raw evidence: names, ids, times and numbers stay, and the page says so." };
    private readonly FlagOption open = new("--open") { Description = "Open the page in the browser." };

    public ViewCommand(CommandConsole console)
        : base("view", "Write a rollout as one HTML page to look at: what the model saw at each request, what filled its context, why things happened, when, and between which agents. The page is one file, needs no network, and holds all that was said and done, unless --no-content. Of two bundles, the page has their conversations side by side, aligned as 'diff' does it, with what differed first marked.")
    {
        this.console = console;
        paths.AddPathsTo(this);
        Add(output);
        Add(withoutContent);
        paths.AddJoinedTo(this);
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
        ("rollout-trace view A B --open", "two runs side by side, and where the second left the first"),
        ("rollout-trace view BUNDLE -o rollout.html --no-content", "a page without what was said, to pass on"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "written"),
        (ExitCodes.Failure, "a bundle could not be read, or the page not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var opened = new List<IDisposable>();
        try
        {
            var options = new RolloutPageOptions { HasContent = !arguments.GetValue(withoutContent) };
            return paths.Given(arguments) is [var a, var b]
                ? Show(arguments, Meant(arguments, a, opened), Meant(arguments, b, opened), options, opened)
                : Show(arguments, Meant(arguments, paths.Given(arguments)[0], opened), options, opened);
        }
        catch (Exception e) when (e is BundleException or QueryException)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
        finally
        {
            // What is read last is closed before what it lies in goes.
            opened.Reverse();
            opened.ForEach(static one => one.Dispose());
        }
    }

    private FoundBundle Meant(ParseResult arguments, string named, List<IDisposable> opened)
    {
        var together = paths.Read(console, arguments, [named]);
        opened.Add(together);
        return together.Bundles is not [var bundle] ? throw new QueryException($"{named}: holds {together.Bundles.Count} bundles; a page is of one, or of two that are named")
            : bundle.Problem is { } problem ? throw new QueryException(problem)
            : bundle;
    }

    private int Show(ParseResult arguments, FoundBundle bundle, RolloutPageOptions options, List<IDisposable> opened)
    {
        var reader = bundle.Open();
        opened.Add(reader);
        using var evidence = new RolloutEvidence(reader.Reader, options);
        var rollout = Open(bundle, reader, evidence);
        return Write(arguments, NameOf(bundle), stream => RolloutPage.Write(rollout, evidence, stream, options));
    }

    private int Show(ParseResult arguments, FoundBundle a, FoundBundle b, RolloutPageOptions options, List<IDisposable> opened)
    {
        var (readerA, readerB) = (a.Open(), b.Open());
        opened.AddRange([readerA, readerB]);
        var (first, second) = (Open(a, readerA), Open(b, readerB));
        var named = paths.Given(arguments);
        var comparison = RolloutComparison.Of(named[0], first, named[1], second);
        return Write(arguments, $"{NameOf(a)}-{NameOf(b)}", stream => ComparisonPage.Write(comparison, first, second, stream, options));
    }

    private OpenRollout Open(FoundBundle bundle, OpenedBundle opened, RolloutEvidence? evidence = null)
    {
        var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = console.Time, Observer = evidence });
        console.TellOfDefects(bundle.Path, rollout);
        return rollout;
    }

    private static string NameOf(FoundBundle bundle) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle.Path)));

    private int Write(ParseResult arguments, string name, Action<Stream> write)
    {
        var file = arguments.GetValue(output) ?? $"{name}.html";
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
