using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>A command that writes copies of bundles: whole, or none at all.</summary>
/// <typeparam name="TAnswer">What became of one bundle.</typeparam>
/// <typeparam name="TWritten">What writing a copy gives.</typeparam>
internal abstract class CopyCommand<TAnswer, TWritten> : Command, IDocumentedCommand
    where TAnswer : class
{
    private readonly BundleArguments paths = new(ArgumentArity.ExactlyOne) { JoinedDescription = "Join the bundles of the directory first, as 'rollout-trace join' does: the copy is one bundle." };
    private readonly Option<string> output = new("--output", "-o") { Description = "The directory to write, which must not exist or be empty. Of a bundle it becomes the copy; of a directory with bundles it gets a copy of each.", HelpName = "DIR", Required = true };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");
    private bool isAnyDamaged;

    protected CopyCommand(CommandConsole console, string name, string description, params ReadOnlySpan<Option> options)
        : base(name, description)
    {
        Console = console;
        paths.AddPathsTo(this);
        Add(output);
        foreach (var option in options)
        {
            Add(option);
        }

        paths.AddJoinedTo(this);
        format.AddTo(this);
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "copied"),
        (ExitCodes.Findings, "copied; markers stand for lines or payloads that could not be read, or a packed rollout is damaged and the copy has what is before that"),
        (ExitCodes.Failure, "at least one bundle could not be read, or the copy not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    protected CommandConsole Console { get; }

    /// <summary>A key from a text, or one of this run.</summary>
    protected static byte[] KeyOf(string? text) => text is null ? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes) : SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Copies the bundles.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="contract">How the answers are written as JSON.</param>
    /// <param name="nameOf">The name of a copy among others, by its manifest.</param>
    /// <param name="copy">Copies a bundle to a directory.</param>
    /// <param name="named">The answer for a copy at its place.</param>
    /// <param name="hasMarkers">Whether markers stand in a copy for what could not be read.</param>
    protected int Run(
        ParseResult arguments,
        JsonTypeInfo<BundleAnswers<TAnswer>> contract,
        Func<BundleManifest, string> nameOf,
        Func<BundleReader, string, TWritten> copy,
        Func<string, TWritten, TAnswer> named,
        Predicate<TAnswer> hasMarkers)
    {
        var source = BundleFinder.BundleOf(paths.Given(arguments)[0]);
        var target = arguments.GetRequiredValue(output);
        using var together = paths.Read(Console, arguments, [source], withHint: false);
        var found = together.Bundles;
        var isOne = found is [{ Problem: null } only] && (together.IsJoined || only.Path == source || !Directory.Exists(source));
        if (WhyNot(isOne ? found[0].Path : source, target) is { } problem)
        {
            Console.Tell($"error: {problem}");
            return ExitCodes.Failure;
        }

        var answers = new List<BundleAnswer<TAnswer>>();
        try
        {
            AtomicDirectory.Write(target, directory =>
            {
                answers.AddRange(found.Select(bundle => Copy(bundle, isOne, directory, target, nameOf, copy, named)));
                return answers.Exists(static answer => answer.Result is not null);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Tell($"error: {target}: cannot be written: {SystemWords.Of(e)}");
            return ExitCodes.Failure;
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(Console, new BundleAnswers<TAnswer> { Bundles = answers }, contract);
        }
        else
        {
            answers.ForEach(Show);
        }

        return answers.Max(answer => answer.Result is not { } result ? ExitCodes.Failure : hasMarkers(result) || isAnyDamaged ? ExitCodes.Findings : ExitCodes.Success);
    }

    /// <summary>Shows what became of a bundle.</summary>
    protected abstract void Show(string bundle, TAnswer answer);

    private static string? WhyNot(string source, string target)
    {
        var inside = Path.GetRelativePath(source, target);
        return inside == "." || !(inside.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inside))
            ? $"{target}: lies in {source}, which is to be copied"
            : AtomicDirectory.WhyNot(target);
    }

    // A bundle that cannot be read leaves nothing behind and does not stop the others; a copy that cannot be written does.
    private BundleAnswer<TAnswer> Copy(
        FoundBundle bundle, bool isOne, string directory, string target, Func<BundleManifest, string> nameOf, Func<BundleReader, string, TWritten> copy, Func<string, TWritten, TAnswer> named)
    {
        if (bundle.Problem is not null)
        {
            return new BundleAnswer<TAnswer> { Bundle = bundle.Path, Error = bundle.Problem };
        }

        var place = isOne ? directory : Path.Join(directory, Guid.NewGuid().ToString("N"));
        try
        {
            // The copy's name is made from the copy: the ids of the original may be what is to go.
            using var opened = bundle.Open();
            var written = copy(opened.Reader, place);
            TellOfDamage(opened.Reader);
            if (isOne)
            {
                return new BundleAnswer<TAnswer> { Bundle = bundle.Path, Result = named(target, written) };
            }

            var name = FreeName(directory, nameOf(BundleReader.Open(place).Manifest));
            Directory.Move(place, Path.Join(directory, name));
            return new BundleAnswer<TAnswer> { Bundle = bundle.Path, Result = named(Path.Join(target, name), written) };
        }
        catch (Exception e) when (e is BundleException or RolloutTrace.Reducer.RedactionException)
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            return new BundleAnswer<TAnswer> { Bundle = bundle.Path, Error = e.Message };
        }
    }

    // The copy has what is before it, and looks whole.
    private void TellOfDamage(BundleReader bundle)
    {
        if (bundle.Files.FindDamage() is { } damage)
        {
            isAnyDamaged = true;
            Console.Tell($"{damage}; the copy has what is before that");
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

    private void Show(BundleAnswer<TAnswer> answer)
    {
        if (answer.Result is { } result)
        {
            Show(answer.Bundle, result);
            return;
        }

        Console.Out.Flush();
        Console.Tell($"error: {answer.Error}");
    }
}
