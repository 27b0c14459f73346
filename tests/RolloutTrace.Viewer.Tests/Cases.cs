using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Tests;

/// <summary>The bundles of the conformance cases.</summary>
internal static class Cases
{
    public static TheoryData<string> All => [.. Directory.EnumerateDirectories(Root).Select(static directory => Path.GetFileName(directory)!).Order(StringComparer.Ordinal)];

    public static OpenRollout Open(string name) => OpenRollout.Open(BundleReader.Open(Bundle(name)));

    public static string Bundle(string name) => Path.Join(Root, name, "bundle");

    private static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            var cases = Path.Join(directory, "tests", "Conformance", "cases");
            if (Directory.Exists(cases))
            {
                return cases;
            }
        }

        throw new DirectoryNotFoundException($"no tests/Conformance/cases above {AppContext.BaseDirectory}");
    }
}
