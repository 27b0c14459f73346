using System.CommandLine;
using System.Diagnostics;

namespace RolloutTrace.Cli.Tests;

public sealed class RolloutTraceCommandTests
{
    [Fact]
    public void Help_ListsTheCommands() => Snapshot.Match(CommandLine.Run("--help").Describe());

    [Fact]
    public void Help_FitsAScreen() => CommandLine.Run("--help").Out.Count(c => c == '\n').ShouldBeLessThanOrEqualTo(40);

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
    [InlineData("serve")]
    [InlineData("mcp")]
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
    public void AFlagWithAValue_IsWrongUsage_InEveryCommand()
    {
        foreach (var (name, command) in LeafCommands())
        {
            foreach (var flag in command.Options.OfType<FlagOption>().SelectMany(flag => flag.Aliases.Prepend(flag.Name)))
            {
                CommandLine.Run([.. name, "no-such-bundle", $"{flag}=perhaps"])
                    .ShouldBe(new CommandLine(ExitCodes.Usage, "", $"{flag} takes no value, not 'perhaps'.\n\nSee 'rollout-trace {string.Join(' ', name)} --help'.\n"));
            }
        }
    }

    [Fact]
    public void WhatFollowsAFlag_IsAnArgument() => CommandLine.Run("inspect", "--failed", "true").Error.ShouldBe("error: true: no such file or directory, and there is no rollout-traces to look for a rollout in (ROLLOUT_TRACE_ROOT names another)\n");

    [Theory]
    [InlineData("bash", "reduce --st", "--strict")]
    [InlineData("bash", "inspect --format ", "json text")]
    [InlineData("bash", "inspect bun", "bundle")]
    [InlineData("bash", "list --status die", "died")]
    [InlineData("fish", "reduce --st", "--strict")]
    [InlineData("fish", "inspect --format ", "json text")]
    [InlineData("fish", "inspect bun", "bundle/")]
    [InlineData("fish", "list --status die", "died")]
    public async Task Completion_InItsShell_OffersWhatMayStandThere(string shell, string line, string expected)
    {
        if (OperatingSystem.IsWindows() || !File.Exists($"/usr/bin/{shell}"))
        {
            return;
        }

        using var directory = new TestDirectory();
        Directory.CreateDirectory(directory.Place("bundle"));
        File.WriteAllText(directory.Place("rollout-trace"), $"#!/bin/sh\nexec dotnet '{typeof(RolloutTraceCommand).Assembly.Location}' \"$@\"\n");
        File.WriteAllText(directory.Place("completion"), CommandLine.Run("completion", shell).Out);
        File.SetUnixFileMode(directory.Place("rollout-trace"), (UnixFileMode)0b111_000_000);
        var script = shell == "fish" ? $"source completion; complete -C 'rollout-trace {line}'" : $$"""
            source completion
            COMP_LINE='rollout-trace {{line}}'; COMP_POINT=${#COMP_LINE}
            COMP_WORDS=($COMP_LINE); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _rollout_trace; printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo($"/usr/bin/{shell}") { ArgumentList = { "-c", script }, WorkingDirectory = directory.Path, UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{directory.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = directory.Path;

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(candidate => candidate.Split('\t')[0]).Order(StringComparer.Ordinal).ShouldBe(expected.Split(' '));
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

    [Fact]
    public void A_command_that_is_made_alone_is_the_one_of_its_name()
    {
        using var console = new CommandConsole(Stream.Null, Stream.Null);
        foreach (var command in new RolloutTraceCommand(console).Subcommands)
        {
            var alone = new RolloutTraceCommand(console, command.Name).Subcommands.ShouldHaveSingleItem();

            (alone.Name, alone.GetType()).ShouldBe((command.Name, command.GetType()));
        }
    }

    private static IEnumerable<(string[] Name, Command Command)> LeafCommands() =>
        LeafCommands(new RolloutTraceCommand(new CommandConsole(Stream.Null, Stream.Null)), []);

    private static IEnumerable<(string[] Name, Command Command)> LeafCommands(Command command, string[] name) =>
        command.Subcommands.Count == 0 ? [(name, command)] : command.Subcommands.SelectMany(c => LeafCommands(c, [.. name, c.Name]));
}
