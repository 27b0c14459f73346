namespace RolloutTrace.TestSupport;

/// <summary>A bundle as the field writes it: sound to whoever wrote it, and not what the format says.</summary>
public static class FieldCase
{
    /// <summary>Where the cases are.</summary>
    public static string Root { get; } = Path.Join(Path.GetDirectoryName(Path.GetDirectoryName(ConformanceCase.Root)), "FieldCases");

    /// <summary>Names of all bundles, as paths below <see cref="Root"/> with slashes.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Root, "manifest.json", SearchOption.AllDirectories)
        .Select(manifest => Path.GetRelativePath(Root, Path.GetDirectoryName(manifest)!).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>The directory of a bundle.</summary>
    public static string Bundle(string name) => Path.Join(Root, name);
}
