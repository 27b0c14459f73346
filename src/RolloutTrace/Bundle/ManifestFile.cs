namespace RolloutTrace.Bundle;

/// <summary>
/// The manifest of a bundle that is being written. A reader takes a directory with a manifest for a bundle, so it comes last, and
/// whole. Safe for concurrent use.
/// </summary>
internal sealed class ManifestFile
{
    // What is written over the beginning of a file takes no new space, and within one page of memory it is written as one.
    private const int PageBytes = 4096;

    private readonly Lock gate = new();
    private readonly string path;

    private ManifestFile(string path, BundleManifest manifest)
    {
        this.path = path;
        Current = manifest;
    }

    /// <summary>The manifest as it is to be.</summary>
    public BundleManifest Current { get; private set; }

    /// <summary>Whether files do not come out with the mode that they are created with, so that it has to be fixed.</summary>
    public bool FixModes { get; private init; }

    /// <summary>Writes the manifest of a new bundle.</summary>
    public static ManifestFile Create(string directory, BundleManifest manifest)
    {
        var path = Path.Join(directory, BundleLayout.ManifestFileName);
        return new ManifestFile(path, manifest) { FixModes = WriteAnew(path, Bytes(manifest)) };
    }

    /// <summary>Writes it again if it is gone. Where it cannot be written, a later call may.</summary>
    /// <param name="wasRestored">Whether it was gone and is there again.</param>
    /// <returns>Whether it is there.</returns>
    public bool EnsureIsThere(out bool wasRestored)
    {
        wasRestored = false;
        lock (gate)
        {
            try
            {
                if (FileStatus.Of(path) is null)
                {
                    WriteAnew(path, Bytes(Current));
                    wasRestored = true;
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Replaces it: by a new file or, where there is no room for one, in its place.</summary>
    /// <exception cref="IOException">It cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Replace(BundleManifest manifest)
    {
        lock (gate)
        {
            var bytes = Bytes(manifest);
            try
            {
                WriteAnew(path, bytes);
            }
            catch (IOException)
            {
                WriteOver(path, bytes);
            }

            Current = manifest;
        }
    }

    private static byte[] Bytes(BundleManifest manifest) => manifest.ToUtf8Json();

    private static bool WriteAnew(string path, byte[] bytes)
    {
        var unfinished = path + ".tmp";
        try
        {
            bool fixModes;
            using (var file = PrivateFile.Create(unfinished, fixMode: false))
            {
                fixModes = !PrivateFile.HasRightMode(file);
                PrivateFile.FixMode(file);
                PrivateFile.Write(file, bytes, offset: 0);
            }

            File.Move(unfinished, path, overwrite: true);
            return fixModes;
        }
        catch
        {
            BestEffort.DeleteFile(unfinished);
            throw;
        }
    }

    private static void WriteOver(string path, byte[] bytes)
    {
        var before = FileStatus.Of(path) is { Kind: FileKind.Regular, Links: 1 } found ? found.Length : long.MaxValue;
        if (Math.Max(before, bytes.Length) > PageBytes)
        {
            throw new IOException($"{path}: cannot be written over");
        }

        // White space behind a document is no part of it.
        var padded = new byte[Math.Max((int)before, bytes.Length)];
        Array.Fill(padded, (byte)' ');
        bytes.CopyTo(padded, 0);
        using var file = LogFile.OpenInPlace(path);
        PrivateFile.Write(file, padded, offset: 0);
    }
}
