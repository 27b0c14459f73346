using System.CommandLine;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace unpack</c>: packed rollouts as bundles again.</summary>
internal sealed class UnpackCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = new("file") { Description = $"A packed rollout (NAME{PackedFormat.Extension}), or the directory of a rollout that is recorded packed and has not ended, or was stopped; a file also of a store: s3://bucket/prefix/DAY/NAME{PackedFormat.Extension}, or nats://.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> output = new("--output", "-o") { Description = "The directory to write, or one that is there, which gets the bundles. Default: beside each file, with its name less the extension; of a store, in the current directory.", HelpName = "DIR" };
    private readonly OutputFormat format = new("one document with an entry for each file.");

    public UnpackCommand(CommandConsole console)
        : base("unpack", "Make bundles of packed rollouts again. Each is byte for byte as it was packed. The packed rollouts stay, and nothing is written over. Of one that is damaged or cut off, or still being recorded, the bundle has what is before that. Prints the path of each.")
    {
        this.console = console;
        Add(paths);
        Add(output);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace unpack trace-018f-019a.rollout.tar.zst", "the bundle trace-018f-019a, beside it"),
        ("rollout-trace unpack *.rollout.tar.zst -o bundles", "all of them, into a directory that is there"),
        ("rollout-trace unpack rollout-traces/trace-018f-019a -o so-far", "what a rollout that is still recorded packed has by now"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "unpacked"),
        (ExitCodes.Findings, "unpacked, as far as it goes: at least one is damaged or cut off, or has no end yet"),
        (ExitCodes.Failure, "at least one could not be read, or its bundle not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var target = arguments.GetValue(output);
        var given = arguments.GetRequiredValue(paths);
        if (target is not null && given.Length > 1 && !Directory.Exists(target))
        {
            console.Tell($"--output takes one file, or a directory that is there, and {given.Length} files are given.");
            return ExitCodes.Usage;
        }

        var answers = new List<BundleAnswer<UnpackResult>>();
        foreach (var path in given)
        {
            answers.Add(Unpack(path, PackingOutput.PlaceOf(target, given.Length == 1, BundleUnpacker.PlaceBeside(path))));
            if (!format.IsJson(arguments))
            {
                Show(answers[^1]);
            }
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<UnpackResult> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersUnpackResult);
        }

        return answers.Exists(static answer => answer.Error is not null) ? ExitCodes.Failure
            : answers.Exists(static answer => answer.Result!.Damage is not null) ? ExitCodes.Findings
            : ExitCodes.Success;
    }

    private BundleAnswer<UnpackResult> Unpack(string path, string? place)
    {
        try
        {
            if (StoredBundles.IsMeant(path))
            {
                return UnpackStored(path, place ?? PackedFormat.WithoutExtension(path[(path.LastIndexOf('/') + 1)..]));
            }

            return new() { Bundle = path, Result = BundleUnpacker.Unpack(path, place) };
        }
        catch (BundleException e)
        {
            return new() { Bundle = path, Error = e.Message };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new() { Bundle = path, Error = $"{place ?? BundleUnpacker.PlaceBeside(path)}: cannot be unpacked: {SystemWords.Of(e)}" };
        }
    }

    // Apart, so that nothing of stores is loaded for a file.
    private BundleAnswer<UnpackResult> UnpackStored(string address, string place)
    {
        using var fetched = console.Stores.Fetch(address);
        var result = BundleUnpacker.Unpack(fetched.Path, place);
        return new() { Bundle = address, Result = result with { Damage = result.Damage?.Replace(fetched.Path, address, StringComparison.Ordinal) } };
    }

    private void Show(BundleAnswer<UnpackResult> answer)
    {
        if (answer.Result is not { } result)
        {
            console.Out.Flush();
            console.Tell($"error: {answer.Error}");
            return;
        }

        console.WritePath(result.Directory);
        if (result.Damage is { } damage)
        {
            console.Tell($"{damage}; the bundle has what is before that ({Wording.Of(result.Files, "file")})");
        }
    }
}
