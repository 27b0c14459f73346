using System.Diagnostics;

namespace RolloutTrace.Cli.Tests;

/// <summary>What the system refuses, said in words for people, and not waited for.</summary>
public sealed class MessagesTests : IDisposable
{
    // Not root, for whom nothing is closed.
    private const string AsNobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("inspct", "There is no command 'inspct'. Did you mean 'inspect'?")]
    [InlineData("isnpect", "There is no command 'isnpect'. Did you mean 'inspect'?")]
    [InlineData("inspect2", "There is no command 'inspect2'. Did you mean 'inspect'?")]
    [InlineData("export oltp", "There is no command 'oltp'. Did you mean 'otlp'?")]
    [InlineData("frobnicate", "There is no command 'frobnicate'.")]
    [InlineData("inspect --faild x", "Unrecognized option '--faild'. Did you mean '--failed'?")]
    [InlineData("inspect --frobnicate x", "Unrecognized option '--frobnicate'.")]
    public void AWordThatIsNone_SuggestsTheNearest(string commandLine, string message)
    {
        var run = CommandLine.Run(commandLine.Split(' '));

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Out.ShouldBeEmpty();
        run.Error.Split('\n')[0].ShouldBe(message);
    }

    [Theory]
    [InlineData("inspect {0}")]
    [InlineData("list {0}")]
    [InlineData("validate {0}")]
    [InlineData("grep x {0}")]
    [InlineData("explain {0} x")]
    [InlineData("reduce {0}")]
    [InlineData("scrub {0} -o out")]
    [InlineData("export otlp-json {0} -o -")]
    [InlineData("reduce bundle -o {0}")]
    [InlineData("export otlp-json bundle -o {0}")]
    [InlineData("export otlp bundle --certificate {0}")]
    public void APipeWhereAFileIsExpected_IsRefused(string commandLine)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        directory.Copy("cell-wait", "bundle");
        using (var mkfifo = Process.Start("mkfifo", directory.Place("pipe")))
        {
            mkfifo.WaitForExit();
        }

        string[] arguments = [.. string.Format(null, commandLine, "pipe").Split(' ').Select(word => word is "pipe" or "bundle" or "out" ? directory.Place(word) : word)];
        var run = CommandLine.Run(arguments);

        run.ExitCode.ShouldBeOneOf(ExitCodes.Failure, ExitCodes.Usage);
        run.Error.ShouldContain("it is a pipe, a socket or a device, not a file\n");
        run.Error.ShouldNotContain(".tmp");
        PlainFileIsPipe(directory.Place("pipe")).ShouldBeTrue();
    }

    [Fact]
    public void WhatMayNotBeRead_SaysSoAndTheOthersAreRead()
    {
        if (!MayBeNobody())
        {
            return;
        }

        foreach (var name in (string[])["1", "2", "3", "4"])
        {
            directory.Copy("cell-wait", name);
        }

        Mode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Mode(directory.Place("2"), UnixFileMode.None);
        Mode(directory.Place("3"), UnixFileMode.OtherRead);
        Mode(directory.Place("4/trace.jsonl"), UnixFileMode.None);

        var (exitCode, output, error) = Run($"{AsNobody} dotnet exec '{Program}' inspect '{directory.Path}'");
        var (_, _, inside) = Run($"{AsNobody} dotnet exec '{Program}' inspect '{directory.Place("2/payloads")}'");
        var (_, _, written) = Run($"{AsNobody} dotnet exec '{Program}' scrub '{directory.Place("1")}' -o '{directory.Place("copy")}'");

        exitCode.ShouldBe(ExitCodes.Failure, error);
        output.ShouldContain(directory.Place("1"));
        error.ShouldBe($"error: {directory.Place("2")}: permission denied\nerror: {directory.Place("3")}: permission denied\nerror: {directory.Place("4/trace.jsonl")}: permission denied\n");
        inside.ShouldBe($"error: {directory.Place("2/payloads")}: permission denied\n");
        written.ShouldBe($"error: {directory.Place("copy")}: cannot be written: permission denied\n");
        Mode(directory.Place("2"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Mode(directory.Place("3"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Mode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void APipeThatNobodyReadsAnyMore_EndsTheWork()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var i = 0; i < 9; i++)
        {
            directory.Copy("cell-wait", $"{i}");
        }

        var (_, output, error) = Run($"(dotnet exec '{Program}' grep -F e '{directory.Path}'; echo $? > '{directory.Place("code")}') | true");

        output.ShouldBeEmpty();
        error.ShouldBeEmpty();
        File.ReadAllText(directory.Place("code")).Trim().ShouldBe("2");
    }

    private static string Program => Path.Join(AppContext.BaseDirectory, "rollout-trace.dll");

    private static bool PlainFileIsPipe(string path) => RolloutTrace.Bundle.PlainFile.IsSpecial(path);

    private static void Mode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static bool MayBeNobody() => OperatingSystem.IsLinux() && Run($"{AsNobody} dotnet exec '{Program}' --version").ExitCode == 0;

    private static (int ExitCode, string Output, string Error) Run(string commandLine)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", commandLine]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
