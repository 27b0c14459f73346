using System.Reflection;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The programs that are run as processes of their own.</summary>
internal static class Programs
{
    /// <summary>A program that does nothing; built along with this project, in its configuration.</summary>
    public static string EmptyConsole { get; } = Executable(Path.Join(Metadata("EmptyConsole"), "EmptyConsole"));

    /// <summary>
    /// The command line tool: compiled ahead of time, as users get it, if it was published before; else as it was built along.
    /// </summary>
    public static (string Program, string How) CommandLineTool { get; } = FindTool(Metadata("CommandLineTool"));

    private static (string Program, string How) FindTool(string output)
    {
        var name = Executable("rollout-trace");
        var published = Directory.EnumerateFiles(output, name, SearchOption.AllDirectories)
            .Where(f => string.Equals(Path.GetFileName(Path.GetDirectoryName(f)), "publish", StringComparison.Ordinal))
            .MaxBy(File.GetLastWriteTimeUtc);
        return published is null ? (Path.Join(output, name), "as built") : (published, "as published");
    }

    private static string Metadata(string key) =>
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string Executable(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;
}
