using System.CommandLine;
using System.Diagnostics;

namespace RolloutTrace.Cli.Tests;

public sealed class RolloutTraceCommandTests
{
    [Fact]
    public void Help_ListsTheCommands() => Snapshot.Match(CommandLine.Run("--help").Describe());

    [Fact]
    public void Help_FitsAScreen() => CommandLine.Run("--help").Out.Count(c => c == '\n').ShouldBeLessThanOrEqualTo(30);

    [Theory]
    [InlineData("reduce")]
    [InlineData("list")]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    [InlineData("transcript")]
    [InlineData("explain")]
    [InlineData("grep")]
    [InlineData("validate")]
    [InlineData("export")]
    [InlineData("export otlp")]
    [InlineData("export otlp-json")]
    [InlineData("completion")]
    public void Help_OfEveryCommand_Fits80ColumnsAndHasAnExample(string command)
    {
        var help = CommandLine.Run([.. command.Split(' '), "--help"]).Out;

        help.Split('\n').ShouldAllBe(line => line.Length <= 80);
        help.ShouldContain($"Examples:\n  ");
        help.ShouldContain($"rollout-trace {command}");
    }

    [Fact]
    public void NoArguments_ShowsHelpAsWrongUsage()
    {
        var run = CommandLine.Run();

        run.ShouldBe(new CommandLine(ExitCodes.Usage, CommandLine.Run("--help").Out, ""));
    }

    [Fact]
    public void AnOptionWithoutItsValue_IsWrongUsage_InEveryCommand()
    {
        foreach (var (name, command) in LeafCommands())
        {
            foreach (var option in command.Options.Where(option => option.Arity.MinimumNumberOfValues > 0))
            {
                var run = CommandLine.Run([.. name, "no-such-bundle", option.Name]);

                run.ExitCode.ShouldBe(ExitCodes.Usage, $"{string.Join(' ', name)} {option.Name}: {run.Error}");
                run.Error.ShouldContain(option.Name);
            }
        }
    }

    [Fact]
    public void UnknownCommand_IsWrongUsageWithASuggestion() => Snapshot.Match(CommandLine.Run("reduec").Describe());

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public void Completion_PrintsTheShellsScript(string shell) => Snapshot.Match(CommandLine.Run("completion", shell).Describe(), part: shell);

    [Fact]
    public async Task Version_OfTheProcess_IsThePackagesAlone()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(RolloutTraceCommand).Assembly.Location);
        start.ArgumentList.Add("--version");

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(ExitCodes.Success);
        output.ShouldMatch(@"\A\d+\.\d+\.\d+(-[a-z0-9.]+)?\n\z");
    }

    private static IEnumerable<(string[] Name, Command Command)> LeafCommands() =>
        LeafCommands(new RolloutTraceCommand(new CommandConsole(Stream.Null, Stream.Null)), []);

    private static IEnumerable<(string[] Name, Command Command)> LeafCommands(Command command, string[] name) =>
        command.Subcommands.Count == 0 ? [(name, command)] : command.Subcommands.SelectMany(c => LeafCommands(c, [.. name, c.Name]));
}
