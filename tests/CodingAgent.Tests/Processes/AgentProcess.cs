using System.Diagnostics;
using CodingAgent.Agents;
using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests.Processes;

/// <summary>A run of the program itself, without a key, with a directory of its own for all that it leaves behind.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo directory = MemoryDirectory.CreateSubdirectory("coding-agent-process-");
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;
    private (string Text, TaskCompletionSource Said)? awaited;

    /// <param name="environment">Variables beside those that keep it to itself.</param>
    public AgentProcess(params (string Name, string Value)[] environment)
    {
        Root = Path.Join(directory.FullName, "bundles");
        var temporary = directory.CreateSubdirectory("tmp").FullName;
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Agent).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory.FullName,
            Environment = { [RolloutTracingOptions.RootVariable] = Root, ["TMPDIR"] = temporary, ["TEMP"] = temporary, ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        start.Environment.Remove("OPENAI_API_KEY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Errors += e.Data + "\n";
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where its bundles are.</summary>
    public string Root { get; }

    /// <summary>The directory that holds everything.</summary>
    public string Home => directory.FullName;

    public string Errors { get; private set; } = "";

    /// <summary>All that it has said on its standard output.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Waits until a line has the text.</summary>
    public async Task WaitUntilSaidAsync(string text)
    {
        Task said;
        lock (lines)
        {
            if (lines.Any(l => l.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }

            awaited = (text, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            said = awaited.Value.Said.Task;
        }

        (await Task.WhenAny(said, ended.Task).WaitAsync(Patience)).ShouldBe(said, $"it ended without '{text}':\n{string.Join('\n', Lines)}\n{Errors}");
    }

    /// <summary>Waits for something that can be seen from outside.</summary>
    public async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition();)
        {
            Environment.TickCount64.ShouldBeLessThan(until, $"{string.Join('\n', Lines)}\n{Errors}");
            await Task.Delay(1);
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Waits until it is gone and all it has said is heard. Returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        await ended.Task.WaitAsync(Patience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        directory.Delete(recursive: true);
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }

        lock (lines)
        {
            lines.Add(line);
            if (awaited is { } waiter && line.Contains(waiter.Text, StringComparison.Ordinal))
            {
                waiter.Said.TrySetResult();
            }
        }
    }
}
