using System.Diagnostics;
using System.IO.Enumeration;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// A run of the program that records and comes to an end in every way, RolloutTrace.CrashTarget, with a bundle root of its own. Who
/// uses it refers to that project, so that the program lies beside them.
/// </summary>
public sealed class TargetProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly DirectoryInfo root;

    /// <param name="scenario">What it is to do.</param>
    /// <param name="argument">The scenario's argument.</param>
    /// <param name="shell">A shell command to run before it in the same process, such as a limit.</param>
    /// <param name="below">A directory for the bundle root, instead of the one for temporary files.</param>
    /// <param name="disk">Whether the bundle root is on a disk whose <see cref="Pace"/> can be set.</param>
    public TargetProcess(string scenario, string? argument = null, string? shell = null, string? below = null, bool disk = false)
    {
        root = Directory.CreateDirectory(Path.Join(below ?? Path.GetTempPath(), $"rollout-trace-target-{Guid.NewGuid():N}"));
        Root = Path.Join(root.FullName, "bundles");
        var program = Path.Join(AppContext.BaseDirectory, "RolloutTrace.CrashTarget.dll");
        var pace = Path.Join(root.FullName, "pace");
        var run = $"dotnet exec '{program}' {scenario} '{Root}' {argument}";
        if (disk)
        {
            File.WriteAllText(pace, StallingDisk.Run);
            run = $"'{StallingDisk.Program}' '{pace}' '{Root}' {run} '{pace}'";
        }

        // A run in the background may hand down that signals are ignored, and only env can end that.
        var command = $"if env --default-signal true 2>/dev/null; then exec env --default-signal=HUP,INT,QUIT,TERM {run}; else exec {run}; fi";
        var start = new ProcessStartInfo("/bin/sh", ["-c", shell is null ? command : $"{shell}; {command}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A dump of what is killed on purpose helps nobody.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Errors += e.Data + "\n";
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Root { get; }

    /// <summary>Sets how fast the disk is: one of the words of <see cref="StallingDisk"/>.</summary>
    public string Pace
    {
        set
        {
            // Read at any moment, so it is never seen empty.
            var next = Path.Join(root.FullName, "next-pace");
            File.WriteAllText(next, value);
            File.Move(next, Path.Join(root.FullName, "pace"), overwrite: true);
        }
    }

    public string Errors { get; private set; } = "";

    public string[] Bundles => Directory.Exists(Root) ? [.. Directory.GetDirectories(Root).Order(StringComparer.Ordinal)] : [];

    public string Bundle => Bundles.ShouldHaveSingleItem(Errors);

    /// <summary>The words behind the first of each line that begins with <paramref name="first"/>.</summary>
    public string[][] Said(string first)
    {
        lock (lines)
        {
            return [.. lines.Select(l => l.Split(' ')).Where(words => words[0] == first).Select(words => words[1..])];
        }
    }

    /// <summary>Waits until it has said something, and goes on then.</summary>
    public void WaitUntilSaid(string first, int times = 1)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        lock (lines)
        {
            while (lines.Count(l => l.StartsWith(first, StringComparison.Ordinal)) < times)
            {
                Monitor.Wait(lines, 1000);
                Environment.TickCount64.ShouldBeLessThan(until, Errors);
            }
        }
    }

    /// <summary>Sends a signal, by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {name} {process.Id}"]);
        kill.WaitForExit();
    }

    public void Kill() => process.Kill();

    /// <summary>Waits until it is gone, so long at most.</summary>
    public bool WaitForExit(TimeSpan limit) => process.WaitForExit(limit);

    /// <summary>Waits until it is gone and all it has said is heard, as long as it gets on: how fast is the machine's to say.</summary>
    public int WaitForExit()
    {
        for (var written = -1L; !process.WaitForExit(Patience);)
        {
            var before = written;
            written = BytesWritten();
            written.ShouldBeGreaterThan(before, $"nothing was written for {Patience}\n{Errors}");
        }

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
        root.Delete(recursive: true);
    }

    private long BytesWritten() =>
        new FileSystemEnumerable<long>(root.FullName, static (ref entry) => entry.Length, new EnumerationOptions { RecurseSubdirectories = true }).Sum();

    private void Add(string? line)
    {
        lock (lines)
        {
            if (line is not null)
            {
                lines.Add(line);
            }

            Monitor.PulseAll(lines);
        }
    }
}
