using System.Diagnostics;

namespace RolloutTrace.TestSupport;

/// <summary>A command as a program or a text shows it to its reader, given to the shell as it stands.</summary>
public static class ShellCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The line.</param>
    /// <param name="directory">Where its reader stands.</param>
    /// <param name="environment">Variables beside this process's own; null takes one away.</param>
    public static async Task<ShellResult> RunAsync(string command, string directory, params IEnumerable<(string Name, string? Value)> environment)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd", "/c"] : ["sh", "-c"];
        var start = new ProcessStartInfo(shell[0], [shell[1], command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ShellResult(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }
}
