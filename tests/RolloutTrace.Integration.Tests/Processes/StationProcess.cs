using System.Diagnostics;
using RolloutTrace.AgentStation;

namespace RolloutTrace.Integration.Tests.Processes;

/// <summary>A run of the program of agents that call each other, RolloutTrace.AgentStation.</summary>
internal sealed class StationProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly List<string> lines = [];
    private string errors = "";

    /// <param name="root">Where its bundles go.</param>
    /// <param name="arguments">What it is to do.</param>
    public StationProcess(string root, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(StationAgent).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ROLLOUT_TRACE_ROOT"] = root, ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Hear(() => lines.Add(e.Data ?? ""));
        process.ErrorDataReceived += (_, e) => Hear(() => errors += e.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>A station over HTTP, and what a caller calls it by.</summary>
    /// <summary>What a caller calls it by, where it serves.</summary>
    public string Station { get; private set; } = "";

    public static StationProcess Serve(string root, string kind, int below, out string station)
    {
        var process = new StationProcess(root, kind, below.ToString(System.Globalization.CultureInfo.InvariantCulture));
        station = process.Station = $"{kind}:{process.WaitForLine()}";
        return process;
    }

    /// <summary>Runs it to its end, which has to be a good one.</summary>
    /// <returns>What it said.</returns>
    public static IReadOnlyList<string> Run(string root, params IReadOnlyList<string> arguments)
    {
        using var process = new StationProcess(root, arguments);
        process.WaitForExit().ShouldBe(0, process.errors);
        return process.Said;
    }

    private string[] Said
    {
        get
        {
            lock (lines)
            {
                return [.. lines.Where(static line => line.Length > 0)];
            }
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Lets it end in order.</summary>
    public void End()
    {
        process.StandardInput.Close();
        WaitForExit().ShouldBe(0, errors);
    }

    /// <summary>Waits for something that can be seen from outside.</summary>
    public static void WaitUntil(Func<bool> condition, string what)
    {
        for (var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); Thread.Sleep(20))
        {
            Environment.TickCount64.ShouldBeLessThan(until, $"in vain: {what}");
        }
    }

    public int WaitForExit()
    {
        process.WaitForExit(Patience).ShouldBeTrue($"it does not end\n{errors}");
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(Patience);
        }

        process.Dispose();
    }

    private string WaitForLine()
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        lock (lines)
        {
            while (lines.Count == 0)
            {
                Monitor.Wait(lines, 1000);
                Environment.TickCount64.ShouldBeLessThan(until, $"it says nothing\n{errors}");
            }

            lines[0].ShouldNotBeEmpty(errors);
            return lines[0];
        }
    }

    private void Hear(Action what)
    {
        lock (lines)
        {
            what();
            Monitor.PulseAll(lines);
        }
    }
}
