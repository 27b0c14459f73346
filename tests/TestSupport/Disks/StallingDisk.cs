using System.Diagnostics;

namespace RolloutTrace.TestSupport;

/// <summary>
/// A disk whose pace is set from outside, for programs that are run as they are. The kernel holds their calls back, so it needs
/// Linux and a C compiler, and no rights. What it is told is one of the words here.
/// </summary>
public static class StallingDisk
{
    public const string Run = "run";

    public const string Stall = "stall";

    private static readonly Lazy<(string? Program, string? WhyNot)> Built = new(Build);

    /// <summary>Each operation takes so much longer.</summary>
    public static string Slow(int milliseconds) => $"slow {milliseconds}";

    /// <summary>Why there is none here; null if there is.</summary>
    public static string? WhyNot => Built.Value.WhyNot;

    /// <summary>Runs a command on such a disk; its arguments are in its source.</summary>
    public static string Program => Built.Value.Program ?? throw new InvalidOperationException(WhyNot);

    private static (string? Program, string? WhyNot) Build()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, "only Linux can hold back a program's calls");
        }

        var directory = Directory.CreateTempSubdirectory("rollout-trace-disk-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        var source = Path.Join(directory.FullName, "stalling-disk.c");
        var program = Path.Join(directory.FullName, "stalling-disk");
        using (var from = typeof(StallingDisk).Assembly.GetManifestResourceStream("stalling-disk.c")!)
        using (var to = File.Create(source))
        {
            from.CopyTo(to);
        }

        if (Succeeds("cc", "-O1", "-o", program, source) is { } noCompiler)
        {
            return (null, $"the disk cannot be compiled: {noCompiler}");
        }

        return Succeeds(program, source, directory.FullName, "true") is { } refused ? (null, $"the kernel holds nothing back: {refused}") : (program, null);
    }

    // Null, or what it said.
    private static string? Succeeds(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
