using System.Diagnostics;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// A run of <c>rollout-trace serve</c>. Who uses it refers to RolloutTrace.Cli, so that the program lies beside them.
/// </summary>
public sealed class ServeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    private ServeProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    /// <summary>What it printed: the list's address, with the token and a slash at its end.</summary>
    public Uri Address { get; }

    /// <summary>The address without the token.</summary>
    public Uri Site => new(Address.GetLeftPart(UriPartial.Authority));

    /// <summary>Starts it and waits until it is there.</summary>
    public static Task<ServeProcess> StartAsync(string root, params string[] options) => StartAsync(root, new Dictionary<string, string>(StringComparer.Ordinal), options);

    /// <summary>Starts it with variables of its own and waits until it is there.</summary>
    public static async Task<ServeProcess> StartAsync(string root, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var process = Start(["serve", root, .. options], environment);
        var line = await process.StandardOutput.ReadLineAsync();
        return line is null
            ? throw new InvalidOperationException($"it printed no address: {await process.StandardError.ReadToEndAsync()}")
            : new ServeProcess(process, new Uri(line));
    }

    /// <summary>Starts the program.</summary>
    public static Process Start(params IReadOnlyList<string> arguments) => Start(arguments, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Starts the program with variables of its own.</summary>
    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // A run in the background may hand down that signals are ignored, and only env can end that.
        const string Command = "if env --default-signal true 2>/dev/null; then exec env --default-signal=HUP,INT,QUIT,TERM \"$@\"; else exec \"$@\"; fi";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Command, "sh", "dotnet", "exec", Path.Join(AppContext.BaseDirectory, "rollout-trace.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>The next line that it says to people; null if it has ended.</summary>
    public Task<string?> NextErrorAsync() => process.StandardError.ReadLineAsync();

    /// <summary>Sends a signal, by its name, and waits until it has ended.</summary>
    /// <returns>The exit code, and how long that took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> EndAsync(string signal)
    {
        var began = Stopwatch.GetTimestamp();
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -s {signal} {process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.StandardError.ReadToEnd().ShouldBe("");
        process.Dispose();
    }
}
