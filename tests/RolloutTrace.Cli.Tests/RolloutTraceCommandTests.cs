using System.Diagnostics;

namespace RolloutTrace.Cli.Tests;

public sealed class RolloutTraceCommandTests
{
    [Fact]
    public void Help_ListsTheCommands() => Snapshot.Match(CommandLine.Run("--help").Describe());

    [Fact]
    public void NoArguments_ShowsHelpAsWrongUsage()
    {
        var run = CommandLine.Run();

        run.ShouldBe(new CommandLine(ExitCodes.Usage, CommandLine.Run("--help").Out, ""));
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
}
