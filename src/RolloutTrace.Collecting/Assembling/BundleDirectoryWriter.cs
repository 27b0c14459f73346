using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>Writes the files of a bundle as a directory.</summary>
internal static class BundleDirectoryWriter
{
    /// <summary>Writes it.</summary>
    /// <param name="directory">The bundle's directory, which must not exist.</param>
    /// <param name="files">The files. The manifest is written last.</param>
    /// <exception cref="IOException">It cannot be written, or they cannot be read.</exception>
    public static void Write(string directory, BundleFiles files)
    {
        PrivateFile.CreateDirectory(directory);
        PrivateFile.CreateDirectory(Path.Join(directory, BundleLayout.PayloadsDirectoryName));
        foreach (var file in files.List(BundleLayout.PayloadsDirectoryName))
        {
            Copy(files, file.Name, directory);
        }

        Copy(files, BundleLayout.EventLogFileName, directory);
        Copy(files, BundleLayout.ManifestFileName, directory);
    }

    private static void Copy(BundleFiles files, string name, string directory)
    {
        using var from = files.OpenRead(name);
        using var to = new FileStream(PrivateFile.Create(Path.Join(directory, name), fixMode: true), FileAccess.Write, bufferSize: 0);
        from.CopyTo(to);
    }
}
