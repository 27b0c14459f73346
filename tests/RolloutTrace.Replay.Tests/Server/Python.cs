namespace RolloutTrace.Replay.Tests.Server;

/// <summary>The Python of this machine.</summary>
internal static class Python
{
    public const string WhyNot = "there is no python3 here";

    /// <summary>The program; null if there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(static directory => Path.Join(directory, "python3")).FirstOrDefault(File.Exists);
}

/// <summary>A test that runs a program in Python; where there is none it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Program is null ? Python.WhyNot : null;
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Program is null ? Python.WhyNot : null;
}
