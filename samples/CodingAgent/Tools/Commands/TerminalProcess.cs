using System.Diagnostics;

namespace CodingAgent.Tools.Commands;

/// <summary>A running process whose input and output are pipes. Safe for concurrent use.</summary>
internal sealed class TerminalProcess : IAsyncDisposable
{
    private const int OutputLimit = 1 << 20;
    private const string EndOfInput = "\u0004";

    // What a process has started may hold its output open for ever.
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly Lock sync = new();
    private readonly LimitedText stdout = new(OutputLimit);
    private readonly LimitedText stderr = new(OutputLimit);
    private readonly LimitedText both = new(OutputLimit);
    private readonly LimitedText unseen = new(OutputLimit);

    private TerminalProcess(Process process)
    {
        this.process = process;
        Id = process.Id;
        Ended = WatchAsync(Task.WhenAll(ReadAsync(process.StandardOutput, stdout), ReadAsync(process.StandardError, stderr)));
    }

    public int Id { get; }

    /// <summary>Completes with the exit code when the process has ended and its output is there.</summary>
    public Task<int> Ended { get; }

    public string Stdout => Locked(stdout.ToString);

    public string Stderr => Locked(stderr.ToString);

    /// <summary>Both outputs as they came.</summary>
    public string Output => Locked(both.ToString);

    public static TerminalProcess Start(string[] command, string workingDirectory)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        return new TerminalProcess(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start."));
    }

    /// <summary>What the process has written since this was last called.</summary>
    public string TakeOutput() => Locked(unseen.Take);

    /// <summary>Writes to the process's input; a Ctrl+D at the end closes it.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellation)
    {
        var ends = text.EndsWith(EndOfInput, StringComparison.Ordinal);
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(0, text.Length - (ends ? EndOfInput.Length : 0)), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            if (ends)
            {
                process.StandardInput.Close();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new ToolException("The process takes no more input.");
        }
    }

    /// <summary>Kills the process if it runs still.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted)
        {
            process.Kill(entireProcessTree: true);
            await Ended;
        }

        process.Dispose();
    }

    private async Task<int> WatchAsync(Task output)
    {
        await process.WaitForExitAsync();
        await Task.WhenAny(output, Task.Delay(OutputPatience));
        return process.ExitCode;
    }

    private async Task ReadAsync(StreamReader from, LimitedText into)
    {
        var buffer = new char[4096];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                lock (sync)
                {
                    into.Append(buffer.AsSpan(0, count));
                    both.Append(buffer.AsSpan(0, count));
                    unseen.Append(buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed under the reader when the process was disposed of; nobody wants the rest.
        }
    }

    private string Locked(Func<string> read)
    {
        lock (sync)
        {
            return read();
        }
    }
}
