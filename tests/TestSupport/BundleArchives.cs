using System.Formats.Tar;
using System.IO.Compression;

namespace RolloutTrace.TestSupport;

/// <summary>Packs bundles as people do.</summary>
public static class BundleArchives
{
    /// <summary>The ways to pack that are known.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["zip", "tar", "tar.gz"];

    /// <summary>Packs a directory into a file with one of the extensions.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="file">The file.</param>
    /// <param name="withName">Whether the directory itself is in the archive, or only what is in it.</param>
    public static void Pack(string directory, string file, bool withName)
    {
        if (file.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(directory, file, CompressionLevel.Fastest, withName);
            return;
        }

        using var output = File.Create(file);
        if (file.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var gzip = new GZipStream(output, CompressionLevel.Fastest);
            TarFile.CreateFromDirectory(directory, gzip, withName);
            return;
        }

        TarFile.CreateFromDirectory(directory, output, withName);
    }
}
