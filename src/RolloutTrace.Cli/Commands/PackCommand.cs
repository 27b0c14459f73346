using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace pack</c>: bundles as single files that say each thing once.</summary>
internal sealed class PackCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly BundleArguments paths = new(ArgumentArity.OneOrMore) { JoinedDescription = "Join the bundles first, as 'rollout-trace join' does, and pack the whole into --output. The bundles stay." };
    private readonly Option<string?> output = new("--output", "-o") { Description = $"The file to write, or a directory that is there, which gets one file a bundle. Default: beside each bundle, with its name and {PackedFormat.Extension}.", HelpName = "PATH" };
    private readonly FlagOption delete = new("--delete") { Description = "Delete each bundle once its packed rollout was read back, compared with it, and is safe on the disk." };
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    public PackCommand(CommandConsole console)
        : base("pack", $"Pack bundles of rollouts that are over: one file each (NAME{PackedFormat.Extension}) that says what requests repeat once. Every command takes it where it takes a bundle; 'rollout-trace unpack' or 'tar --zstd -xf' gives the bundle back, byte for byte. Files in it that are no part of a bundle are packed too; a bundle with links in it is refused. Nothing is written over. Prints the path of each.")
    {
        this.console = console;
        paths.AddPathsTo(this);
        Add(output);
        Add(delete);
        paths.AddJoinedTo(this);
        format.AddTo(this);
        this.AddRule(result =>
        {
            if (paths.AreJoined(result) && result.GetValue(output) is null)
            {
                result.AddError("--joined gives one packed rollout of several bundles, which is beside none of them: --output says where it goes.");
            }

            if (paths.AreJoined(result) && result.GetValue(delete))
            {
                result.AddError("--delete deletes bundles that are packed as they are, and with --joined they are not.");
            }
        });
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace pack rollout-traces/trace-018f-019a", "pack one bundle, beside it"),
        ("rollout-trace pack rollout-traces --delete", "pack every bundle that is over, and keep the packed ones alone"),
        ("rollout-trace pack rollout-traces --joined -o case-6.rollout.tar.zst", "a rollout over several processes in one file"),
        ("rollout-trace pack BUNDLE -o case-7.rollout.tar.zst", "into a file to send away"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "packed, or packed already"),
        (ExitCodes.Failure, "at least one bundle could not be packed: it is still being recorded, cannot be read, or something else is in the way"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var target = arguments.GetValue(output);
        var given = paths.Given(arguments);
        using var joined = paths.AreJoined(arguments) ? paths.Read(console, arguments) : null;
        var sources = joined?.Bundles ?? PackingSources.Find(console, given, path => PackingOutput.PlaceOf(target, given.Count == 1, BundlePacker.PlaceBeside(path)) ?? BundlePacker.PlaceBeside(path));
        if (target is not null && sources.Count > 1 && !Directory.Exists(target))
        {
            console.Tell($"--output takes one bundle, or a directory that is there, and the paths given mean {sources.Count} bundles.");
            return ExitCodes.Usage;
        }

        // What is packed already is done.
        foreach (var packed in sources.Where(source => source.Kind == FoundBundleKind.Packed && (given.Contains(source.Path, StringComparer.Ordinal) || given.Contains(PackedFormat.WithoutExtension(source.Path), StringComparer.Ordinal))))
        {
            console.Tell($"{packed.Path}: is packed already");
        }

        sources = [.. sources.Where(static source => source.Kind != FoundBundleKind.Packed)];
        var options = new PackOptions { Delete = arguments.GetValue(delete), Time = console.Time, Summarise = OverviewCache.ToBytes };
        var answers = new List<BundleAnswer<PackResult>>();
        foreach (var source in sources)
        {
            answers.Add(Pack(source, PackingOutput.PlaceOf(target, sources.Count == 1, BundlePacker.PlaceBeside(source.Directory ?? source.Path)), options));
            if (!format.IsJson(arguments))
            {
                Show(answers[^1]);
            }
        }

        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<PackResult> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersPackResult);
        }

        return answers.Exists(static answer => answer.Error is not null) ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static BundleAnswer<PackResult> Pack(FoundBundle source, string? place, PackOptions options)
    {
        try
        {
            return source.Problem is { } problem ? new() { Bundle = source.Path, Error = problem }
                : source.Kind == FoundBundleKind.Store ? new() { Bundle = source.Path, Error = $"{source.Path}: is packed already" }
                : source.Kind == FoundBundleKind.Archive ? new() { Bundle = source.Path, Error = $"{source.Path}: is an archive; unpack it first" }
                : new() { Bundle = source.Path, Result = BundlePacker.Pack(source.Directory ?? source.Path, place, options) };
        }
        catch (BundleException e)
        {
            return new() { Bundle = source.Path, Error = e.Message };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new() { Bundle = source.Path, Error = $"{place ?? BundlePacker.PlaceBeside(source.Path)}: cannot be packed: {SystemWords.Of(e)}" };
        }
    }

    private void Show(BundleAnswer<PackResult> answer)
    {
        if (answer.Result is not { } result)
        {
            console.Out.Flush();
            console.Tell($"error: {answer.Error}");
            return;
        }

        console.WritePath(result.Path);
        var did = result.WasPacked ? "was packed already" : $"{Wording.Of(result.Files, "file")}, {Wording.Size(result.Bytes)} in {Wording.Size(result.PackedBytes)}";
        console.Tell($"{answer.Bundle}: {did}{(result.Deleted ? "; the bundle is deleted" : "")}");
    }
}
