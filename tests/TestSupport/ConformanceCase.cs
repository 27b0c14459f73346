namespace RolloutTrace.TestSupport;

/// <summary>A bundle with the state that the reference reducer gives for it, or the message with which it refuses it.</summary>
public sealed class ConformanceCase
{
    /// <summary>Where the cases are.</summary>
    public static string Root { get; } = FindRoot();

    private ConformanceCase(string directory) => Directory = directory;

    public string Directory { get; }

    public string Bundle => Path.Join(Directory, "bundle");

    public bool IsRefused => File.Exists(Path.Join(Directory, "expected.error"));

    public string ExpectedState => File.ReadAllText(Path.Join(Directory, "expected.json"));

    public static IEnumerable<string> Names => System.IO.Directory.EnumerateDirectories(Root).Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    public static ConformanceCase Named(string name) => new(Path.Join(Root, name));

    private static string FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            var cases = Path.Join(directory, "tests", "Conformance", "cases");
            if (System.IO.Directory.Exists(cases))
            {
                return cases;
            }
        }

        throw new DirectoryNotFoundException($"no tests/Conformance/cases above {AppContext.BaseDirectory}");
    }
}
