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
    private readonly Thread listening;
    private bool hasEnded;

    /// <param name="environment">Variables beside those that keep it to itself.</param>
    public AgentProcess(params (string Name, string Value)[] environment)
        : this([], environment)
    {
    }

    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside those that keep it to itself.</param>
    public AgentProcess(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        Root = Path.Join(directory.FullName, "bundles");
        var temporary = directory.CreateSubdirectory("tmp").FullName;
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Agent).Assembly.Location, .. arguments])
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
        process.ErrorDataReceived += (_, e) => Errors += e.Data + "\n";
        listening = new Thread(Listen) { IsBackground = true, Name = "Output of a process" };
        listening.Start();
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

    /// <summary>
    /// Waits until a line has the text. It blocks, as listening does: whoever does something at a moment of the process must not
    /// have to wait for a thread of the pool, which other tests may keep busy until the process has gone on, or ended.
    /// </summary>
    public void WaitUntilSaid(string text)
    {
        lock (lines)
        {
            var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            while (!lines.Exists(l => l.Contains(text, StringComparison.Ordinal)))
            {
                hasEnded.ShouldBeFalse($"it ended without '{text}':\n{string.Join('\n', lines)}\n{Errors}");
                Monitor.Wait(lines, (int)Math.Max(0, until - Environment.TickCount64)).ShouldBeTrue($"it did not say '{text}':\n{string.Join('\n', lines)}\n{Errors}");
            }
        }
    }

    /// <summary>Waits for something that can be seen from outside. It blocks, as <see cref="WaitUntilSaid"/> does.</summary>
    public void WaitUntil(Func<bool> condition)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        SpinWait.SpinUntil(() => condition() || Environment.TickCount64 > until);
        condition().ShouldBeTrue($"{string.Join('\n', Lines)}\n{Errors}");
    }

    public void Kill() => process.Kill();

    /// <summary>Waits until it is gone and all it has said is heard. Returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        await ended.Task.WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>The same, blocking.</summary>
    public int WaitForExit()
    {
        process.WaitForExit(Patience).ShouldBeTrue(Errors);
        listening.Join(Patience).ShouldBeTrue(Errors);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        listening.Join();
        process.Dispose();
        directory.Delete(recursive: true);
    }

    private void Listen()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
                Monitor.PulseAll(lines);
            }
        }

        lock (lines)
        {
            hasEnded = true;
            Monitor.PulseAll(lines);
        }

        ended.TrySetResult();
    }
}
