using System.Collections.Concurrent;
using System.Diagnostics;

namespace RolloutTrace.Receiver.Tests;

/// <summary>A run of <c>rollout-trace collect</c>.</summary>
internal sealed class CollectProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Task reading;

    private CollectProcess(Process process)
    {
        this.process = process;
        reading = Task.Run(ReadErrorsAsync);
    }

    public string Http { get; private set; } = "";

    public string Grpc { get; private set; } = "";

    /// <summary>What it said on standard error so far.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public int Id => process.Id;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="options">Other options.</param>
    public static Task<CollectProcess> StartAsync(string store, params string[] options) => StartAsync(store, "", options);

    /// <summary>Starts it by a shell that does something first.</summary>
    public static async Task<CollectProcess> StartAsync(string store, string before, string[] options)
    {
        // A run in the background may hand down that signals are ignored, and only env can end that.
        var command = before + "if env --default-signal true 2>/dev/null; then exec env --default-signal=HUP,INT,QUIT,TERM \"$@\"; else exec \"$@\"; fi";
        string[] program = ["dotnet", "exec", Path.Join(AppContext.BaseDirectory, "rollout-trace.dll"), "collect", "--store", store, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"];
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command, "sh", .. program, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var started = new CollectProcess(process);
        try
        {
            started.Http = await started.AddressAsync("http ");
            started.Grpc = await started.AddressAsync("grpc ");
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>Ends it at once, as a machine that is switched off does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Has it end, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -s TERM {process.Id}"]))
        {
            await kill.WaitForExitAsync().WaitAsync(Patience);
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
        await reading.WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Waits for something that is to come.</summary>
    public static async Task UntilAsync(Func<bool> isThere, Func<string> what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isThere())
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Patience, what());
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit(Patience);
        }

        process.Dispose();
    }

    private async Task<string> AddressAsync(string prefix)
    {
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null)
        {
            await reading.WaitAsync(Patience);
        }

        return line?.StartsWith(prefix, StringComparison.Ordinal) == true ? line[prefix.Length..] : throw new InvalidOperationException($"it printed '{line}' and said {string.Join("; ", Said)}");
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            Said.Enqueue(line);
        }
    }
}
