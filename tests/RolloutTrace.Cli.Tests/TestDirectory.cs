namespace RolloutTrace.Cli.Tests;

/// <summary>A directory of its own, gone when disposed, that conformance cases can be copied into.</summary>
internal sealed class TestDirectory : IDisposable
{
    /// <summary>Where the conformance cases are.</summary>
    public static string Cases { get; } = FindCases();

    public string Path { get; } = Directory.CreateTempSubdirectory("rollout-trace-cli-").FullName;

    public static IEnumerable<string> CaseNames =>
        Directory.EnumerateDirectories(Cases).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!;

    /// <summary>Every case as a theory's data.</summary>
    public static TheoryData<string> AllCases => [.. CaseNames];

    /// <summary>The bundle of a case where it lies, for commands that only read.</summary>
    public static string CaseBundle(string name) => System.IO.Path.Join(Cases, name, "bundle");

    /// <summary>The file beside a case's bundle that says what is expected, if there is such a file.</summary>
    public static string? Expected(string name, string file)
    {
        var path = System.IO.Path.Join(Cases, name, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>Copies a case's bundle and gives the copy's path.</summary>
    public string Copy(string name, string? @as = null)
    {
        var target = System.IO.Path.Join(Path, @as ?? name);
        foreach (var file in Directory.EnumerateFiles(CaseBundle(name), "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Join(target, System.IO.Path.GetRelativePath(CaseBundle(name), file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        return target;
    }

    public string Place(string name) => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string FindCases()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = System.IO.Path.GetDirectoryName(directory))
        {
            var cases = System.IO.Path.Join(directory, "tests", "Conformance", "cases");
            if (Directory.Exists(cases))
            {
                return cases;
            }
        }

        throw new DirectoryNotFoundException($"no tests/Conformance/cases above {AppContext.BaseDirectory}");
    }
}
