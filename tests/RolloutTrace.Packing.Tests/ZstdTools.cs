using System.ComponentModel;
using System.Diagnostics;

namespace RolloutTrace.Packing.Tests;

/// <summary>The tools tar and zstd of the machine.</summary>
internal static class ZstdTools
{
    public static Lazy<string?> WhyNot { get; } = new(static () =>
    {
        try
        {
            return Run("tar", "--version") == 0 && Run("zstd", "--version") == 0 ? null : "tar or zstd does not run";
        }
        catch (Win32Exception)
        {
            return "there is no tar or no zstd on this machine";
        }
    });

    /// <summary>Runs one of them and gives its exit code.</summary>
    public static int Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
