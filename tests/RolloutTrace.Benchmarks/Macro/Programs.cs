using System.Reflection;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The programs that are run as processes of their own: built along with this project, in its configuration.</summary>
internal static class Programs
{
    public static string EmptyConsole { get; } = Executable("EmptyConsole");

    /// <summary>Compiled ahead of time in a release build, as users get it.</summary>
    public static string CommandLineTool { get; } = Executable("CommandLineTool");

    public static string QueryTool { get; } = Executable("QueryTool");

    private static string Executable(string key)
    {
        var program = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
        return OperatingSystem.IsWindows() ? program + ".exe" : program;
    }
}
