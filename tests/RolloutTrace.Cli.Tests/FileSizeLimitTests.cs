using System.Diagnostics;
using System.Globalization;
using System.Text;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests;

/// <summary>Under a limit on the size of files, in a process of its own.</summary>
public class FileSizeLimitTests
{
    // A block of some shells; of others it has 512 bytes.
    private const int LimitBytes = 1024;

    [Theory]
    [InlineData("reduce", "-o", "state.json")]
    [InlineData("scrub", "-o", "copy")]
    [InlineData("pack", "-o", "packed.rollout.tar.zst")]
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

    [Fact]
    public void UnpackingFilesThatMayNotBecomeLarger_IsSaidAndNothingIsLeftOfThem()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = new TestDirectory();
        var packed = directory.Place("given.rollout.tar.zst");
        BundlePacker.Pack(TestDirectory.CaseBundle("mixed-1001"), packed);
        var target = directory.Place("copy");

        var (exitCode, error) = Run($"unpack '{packed}' -o '{target}'");

        exitCode.ShouldBe(ExitCodes.Failure, error);
        error.ShouldContain("the disk is full, or the limit on the size of files is reached");
        error.ShouldNotContain("defect");
        Directory.GetFileSystemEntries(directory.Path).ShouldBe([packed]);
    }

    [Theory]
    [InlineData("reduce {0} -o -", "error: -: the state cannot be written")]
    [InlineData("inspect {0}", "error: standard output cannot be written")]
    [InlineData("inspect {0} --format json", "error: standard output cannot be written")]
    [InlineData("transcript {0}", "error: standard output cannot be written")]
    [InlineData("anomalies {0} --format json", "error: standard output cannot be written")]
    [InlineData("export otlp-json {0} -o -", "error: -: cannot be written")]
    [InlineData("--help", "error: standard output cannot be written")]
    public void StandardOutputThatMayNotBecomeLarger_IsSaid(string commandLine, string message)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = new TestDirectory();
        var target = directory.Place("out");
        var command = string.Format(CultureInfo.InvariantCulture, commandLine, $"'{TestDirectory.CaseBundle("mixed-1001")}'");

        var (exitCode, error) = Run($"{command} > '{target}'");

        exitCode.ShouldBe(ExitCodes.Failure, error);
        error.Trim().ShouldBe($"{message}: the disk is full, or the limit on the size of files is reached");
        new FileInfo(target).Length.ShouldBeOneOf(LimitBytes / 2, LimitBytes);
    }

    [Fact]
    public void StandardErrorThatMayNotBecomeLarger_CostsNothingButWhatIsSaidThere()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = new TestDirectory();
        var full = directory.Place("error");
        File.WriteAllBytes(full, new byte[LimitBytes]);

        var (exitCode, _) = Run($"list '{directory.Place("nowhere")}' '{TestDirectory.CaseBundle("mixed-1001")}' 2>> '{full}'");

        exitCode.ShouldBe(ExitCodes.Failure);
        new FileInfo(full).Length.ShouldBe(LimitBytes);
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
