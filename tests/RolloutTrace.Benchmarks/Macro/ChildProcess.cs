using System.Diagnostics;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>Runs a program to its end and measures it from outside.</summary>
internal static class ChildProcess
{
    /// <summary>Wall-clock milliseconds from start to exit.</summary>
    public static double Milliseconds(string program, params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Start(program, arguments);
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        ThrowIfFailed(process, program);
        return elapsed;
    }

    /// <summary>The most memory that was resident at once. The kernel keeps the peak; it is read until the process is gone.</summary>
    public static long PeakBytes(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        long peak = 0;
        while (!process.WaitForExit(1))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended in between.
            }
        }

        ThrowIfFailed(process, program);
        return peak;
    }

    private static Process Start(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static void ThrowIfFailed(Process process, string program)
    {
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} exited with {process.ExitCode}");
        }
    }
}
