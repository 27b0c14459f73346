using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace diff</c>: where one run left another, why, and what followed.</summary>
internal sealed class DiffCommand : Command, IDocumentedCommand
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(10);

    private readonly CommandConsole console;
    private readonly BundleArguments paths = new(new ArgumentArity(2, 100_000)) { JoinedDescription = JoinedBundles.OfEachPath };
    private readonly Option<string[]> volatiles = new("--volatile") { Description = "A regular expression of .NET: texts that differ only where it matches are equal. May be repeated.", HelpName = "REGEX" };
    private readonly Option<string?> prices = new("--prices") { Description = "A file with what models cost, for the outcome: JSON, {\"MODEL\":{\"input\":1.25,\"cached_input\":0.125,\"output\":10}}, for a million tokens each.", HelpName = "FILE" };
    private readonly OutputFormat format = new("one document with the differences, the outcomes, and what was not taken for a difference.");

    public DiffCommand(CommandConsole console)
        : base("diff", "Compare runs: where B left A, whether the model was shown something else (and where that came from) or was shown the same and chose otherwise, what followed from it, and what each run came to. Ids, times, durations, temporary names, ports and encrypted parts are no differences. Of several runs, the first is the one that the others are compared with: at which point each left it, as a tree.")
    {
        this.console = console;
        paths.AddTo(this);
        Add(volatiles);
        Add(prices);
        format.AddTo(this);
        volatiles.Validators.Add(Check);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace diff A B", "where B left A, and why"),
        ("rollout-trace diff BASE RUN1 RUN2 RUN3", "at which point each of several runs left BASE"),
        ("rollout-trace diff runs/monday runs/tuesday --joined", "two rollouts over several processes, each with a directory of its own"),
        ("rollout-trace diff A B --volatile 'build-[0-9]+' --json", "with a name that is never the same, for a program"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "nothing differs but what never is the same in two runs"),
        (ExitCodes.Findings, "something differs"),
        (ExitCodes.Failure, "a bundle, or the file with prices, could not be read"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    /// <summary>Refuses what is no pattern.</summary>
    internal static void Check(OptionResult result)
    {
        foreach (var pattern in result.GetValueOrDefault<string[]>() ?? [])
        {
            try
            {
                _ = PatternOf(pattern);
            }
            catch (ArgumentException e)
            {
                result.AddError($"--volatile: {e.Message}");
            }
        }
    }

    /// <summary>A pattern, without going back where that will do, so that no text of a bundle can keep it busy.</summary>
    internal static Regex PatternOf(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, LongestMatch);
        }
    }

    private int Run(ParseResult arguments)
    {
        var opened = new List<IDisposable>();
        try
        {
            var options = new ComparisonOptions
            {
                Volatile = [.. (arguments.GetValue(volatiles) ?? []).Select(PatternOf)],
                Prices = arguments.GetValue(prices) is { } file ? PricesIn(file) : null,
            };
            var rollouts = paths.Given(arguments).Select(path => (Bundle: path, Rollout: Open(path, arguments, opened))).ToList();
            return rollouts is [var a, var b]
                ? Show(RolloutComparison.Of(a.Bundle, a.Rollout, b.Bundle, b.Rollout, options), format.IsJson(arguments))
                : Show(RunsComparison.Of(rollouts[0].Bundle, rollouts[0].Rollout, rollouts[1..], options), format.IsJson(arguments));
        }
        catch (Exception e) when (e is BundleException or QueryException or RegexMatchTimeoutException)
        {
            console.Out.Flush();
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

    private OpenRollout Open(string path, ParseResult arguments, List<IDisposable> opened)
    {
        var together = paths.Read(console, arguments, [path]);
        opened.Add(together);
        var found = together.Bundles;
        if (found is not [var bundle])
        {
            throw new QueryException($"{path}: has {Wording.Of(found.Count, "bundle")}; name one: {string.Join(", ", found.Take(3).Select(static one => one.Path))}{(found.Count > 3 ? ", …" : "")}; or join them: --joined");
        }

        if (bundle.Problem is not null)
        {
            throw new QueryException(bundle.Problem);
        }

        var reader = bundle.Open();
        opened.Add(reader);
        var rollout = OpenRollout.Open(reader.Reader, new OpenRolloutOptions { Time = console.Time });
        console.TellOfDefects(bundle.Path, rollout);
        return rollout;
    }

    private static Dictionary<string, ModelPrice> PricesIn(string file)
    {
        try
        {
            using var stream = PlainFiles.Open(file);
            var found = JsonSerializer.Deserialize(stream, ComparisonJson.Prices) ?? throw new QueryException($"{file}: has no prices");
            return found.FirstOrDefault(static entry => entry.Value is null or { Input: < 0 } or { CachedInput: < 0 } or { Output: < 0 }) is { Key: { } wrong }
                ? throw new QueryException($"{file}: {wrong} has no prices, or negative ones")
                : found;
        }
        catch (JsonException e)
        {
            throw new QueryException($"{file}:{(e.LineNumber ?? 0) + 1}: is not a JSON object of models with input, output and maybe cached_input");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QueryException($"{file}: {SystemWords.Of(e)}");
        }
    }

    private int Show(RolloutComparison comparison, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(console, comparison, ComparisonJson.Two);
        }
        else
        {
            new ComparisonPrinter(new Screen(console)).Show(comparison);
        }

        return comparison.Differences.Count > 0 ? ExitCodes.Findings : ExitCodes.Success;
    }

    private int Show(RunsComparison comparison, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(console, comparison, ComparisonJson.Several);
        }
        else
        {
            new ComparisonPrinter(new Screen(console)).Show(comparison);
        }

        return comparison.Runs.Any(static run => run.Differences.Count > 0) ? ExitCodes.Findings : ExitCodes.Success;
    }
}
