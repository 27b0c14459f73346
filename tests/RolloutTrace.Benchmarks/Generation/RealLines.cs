using System.Reflection;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>Lines of real text: those of this repository's sources and documents, in the order of their paths.</summary>
internal static class RealLines
{
    private static readonly Lazy<IReadOnlyList<string>> Lines = new(Read);

    public static IReadOnlyList<string> All => Lines.Value;

    private static IReadOnlyList<string> Read()
    {
        var root = typeof(RealLines).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Repository").Value!;
        var separator = Path.DirectorySeparatorChar;
        return [.. Directory.EnumerateFiles(Path.Join(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories))
            .Where(path => !path.Contains($"{separator}obj{separator}", StringComparison.Ordinal) && !path.Contains($"{separator}bin{separator}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Where(static line => !string.IsNullOrWhiteSpace(line))];
    }
}
