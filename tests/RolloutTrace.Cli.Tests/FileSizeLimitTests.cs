using System.Diagnostics;
using System.Text;

namespace RolloutTrace.Cli.Tests;

/// <summary>Under a limit on the size of files, in a process of its own.</summary>
public class FileSizeLimitTests
{
    [Theory]
    [InlineData("reduce", "-o", "state.json")]
    [InlineData("scrub", "-o", "copy")]
    public void AFileThatMayNotBecomeLarger_IsSaidAndNothingIsLeftOfIt(string command, string option, string output)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = new TestDirectory();
        var target = directory.Place(output);

        var (exitCode, error) = Run($"{command} '{TestDirectory.CaseBundle("mixed-1001")}' {option} '{target}'");

        exitCode.ShouldBe(ExitCodes.Failure, error);
        error.ShouldContain("the disk is full, or the limit on the size of files is reached");
        error.ShouldContain(target);
        error.ShouldNotContain("defect");
        Directory.GetFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    private static (int ExitCode, string Error) Run(string commandLine)
    {
        var program = Path.Join(AppContext.BaseDirectory, "rollout-trace.dll");

        // In blocks of 512 bytes. The runtime needs larger files to protect its code.
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 1; exec dotnet exec '{program}' {commandLine}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, e) => error.AppendLine(e.Data);
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.ToString());
    }
}
