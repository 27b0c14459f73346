using System.Diagnostics;

namespace RolloutTrace.Replay.Tests.Server;

/// <summary>A run of <c>rollout-trace replay</c>.</summary>
internal sealed class ReplayProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> told;

    private ReplayProcess(Process process, Uri address, Task<string> told) => (this.process, Address, this.told) = (process, address, told);

    /// <summary>The base address of the API, with a slash at its end.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it is there.</summary>
    public static async Task<ReplayProcess> StartAsync(string bundle, params string[] options)
    {
        var process = ServeProcess.Start(["replay", bundle, .. options]);
        var told = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync();
        return line is null ? throw new InvalidOperationException($"it printed no address: {await told}") : new ReplayProcess(process, new Uri($"{line}/"), told);
    }

    /// <summary>Ends it as Ctrl+C does.</summary>
    /// <returns>The exit code, and what it told.</returns>
    public async Task<(int ExitCode, string Told)> EndAsync()
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -s INT {process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, await told);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await told;
        process.Dispose();
    }
}
