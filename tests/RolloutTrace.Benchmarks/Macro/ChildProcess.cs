using System.Diagnostics;
using System.Globalization;

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

    /// <summary>What programs print.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using var process = Begin(program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        ThrowIfFailed(process, program);
        return output;
    }

    /// <summary>Milliseconds of the processors' time that a shell command and all that it starts take, the system's included.</summary>
    public static double ProcessorMilliseconds(string command)
    {
        // bash, since other shells count in hundredths of a second.
        var times = Output("/bin/bash", "-c", $"{{ {command} ; }} > /dev/null || exit 1; times");
        return times.Split('\n')[1].Split(' ').Sum(static time =>
        {
            var parts = time.TrimEnd('s').Split('m');
            return (double.Parse(parts[0], CultureInfo.InvariantCulture) * 60_000) + (double.Parse(parts[1], CultureInfo.InvariantCulture) * 1000);
        });
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

    private static Process Begin(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static Process Start(string program, string[] arguments)
    {
        var process = Begin(program, arguments);
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
