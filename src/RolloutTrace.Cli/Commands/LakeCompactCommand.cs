using System.CommandLine;
using RolloutTrace.Lake;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace lake compact</c>: makes few files of many.</summary>
internal sealed class LakeCompactCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string> path = new("lake") { Description = "The directory of the lake.", HelpName = "LAKE" };
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
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples => [("rollout-trace lake compact lake", "once a day, for instance")];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "compacted, or nothing to do"),
        (ExitCodes.Failure, "there is no lake, or a file in it cannot be read or written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var lake = new LakeDirectory(arguments.GetRequiredValue(path));
        if (!Directory.Exists(lake.Path))
        {
            console.Tell($"error: {lake.Path}: there is no such directory");
            return ExitCodes.Failure;
        }

        try
        {
            var days = lake.CompactAsync().GetAwaiter().GetResult();
            if (format.IsJson(arguments))
            {
                JsonOutput.Write(console, new CompactionAnswer { Lake = lake.Path, Days = days }, ReportJsonContext.Default.CompactionAnswer);
                return ExitCodes.Success;
            }

            foreach (var day in days)
            {
                console.Tell($"{day.Day}: {Wording.Of(day.FilesBefore, "file")} became {Wording.Count(day.Files)}, with {Wording.Of(day.Rows, "row")}");
            }

            console.WritePath(lake.Path);
            return ExitCodes.Success;
        }
        catch (InvalidDataException e)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {lake.Path}: {SystemWords.Of(e)}");
            return ExitCodes.Failure;
        }
    }
}
