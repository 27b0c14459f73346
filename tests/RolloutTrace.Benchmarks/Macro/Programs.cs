using System.Reflection;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The programs that are run as processes of their own. They are built along with this project, in its configuration.</summary>
internal static class Programs
{
    public static string EmptyConsole { get; } = Path("EmptyConsole");

    public static string CommandLineTool { get; } = Path("CommandLineTool");

    private static string Path(string key)
    {
        var program = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
        return OperatingSystem.IsWindows() ? program + ".exe" : program;
    }
}
