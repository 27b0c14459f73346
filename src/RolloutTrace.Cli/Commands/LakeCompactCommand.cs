using System.CommandLine;
using RolloutTrace.Lake;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace lake compact</c>: makes few files of many.</summary>
internal sealed class LakeCompactCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string> path = new("lake") { Description = $"The lake: {LakePlace.Meaning}.", HelpName = "LAKE" };
    private readonly OutputFormat format = new("one document with an entry for each day.");

    public LakeCompactCommand(CommandConsole console)
        : base("compact", "Make one file a day and table of the many, which engines read faster. Rows of rollouts that were exported again since are dropped. Rollouts may be exported meanwhile.")
    {
        this.console = console;
        Add(path);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples => [
        ("rollout-trace lake compact lake", "once a day, for instance"),
        ("rollout-trace lake compact s3://traces/lake", "in a bucket"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "compacted, or nothing to do"),
        (ExitCodes.Failure, "there is no lake, or a file in it cannot be read or written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        if (LakePlace.TryOpen(arguments.GetRequiredValue(path), console) is not { } place)
        {
            return ExitCodes.Usage;
        }

        return RunAsync(arguments, place).GetAwaiter().GetResult();
    }

    private async Task<int> RunAsync(ParseResult arguments, LakePlace place)
    {
        await using var closing = place.ConfigureAwait(false);
        var lake = new RolloutLake(place.Files);
        try
        {
            if (!await lake.Files.IsThereAsync().ConfigureAwait(false))
            {
                console.Tell($"error: {lake.Place}: there is no {(place.IsBucket ? "lake: no object TABLE/day=DAY/NAME.parquet" : "such directory")}");
                return ExitCodes.Failure;
            }

            var days = await lake.CompactAsync().ConfigureAwait(false);
            if (format.IsJson(arguments))
            {
                JsonOutput.Write(console, new CompactionAnswer { Lake = lake.Place, Days = days }, ReportJsonContext.Default.CompactionAnswer);
                return ExitCodes.Success;
            }

            foreach (var day in days)
            {
                console.Tell($"{day.Day}: {Wording.Of(day.FilesBefore, "file")} became {Wording.Count(day.Files)}, with {Wording.Of(day.Rows, "row")}");
            }

            console.WritePath(lake.Place);
            return ExitCodes.Success;
        }
        catch (InvalidDataException e)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {place.Words("", e)}");
            return ExitCodes.Failure;
        }
    }
}
