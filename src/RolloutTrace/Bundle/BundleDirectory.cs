namespace RolloutTrace.Bundle;

/// <summary>
/// The directories of a bundle that is being written, and whether they are still the ones that were created. A directory says
/// when an entry of it came or went, so that one look a batch is enough as long as nobody touches it.
/// </summary>
internal sealed class BundleDirectory
{
    // Clocks of file systems may count in steps as long as this, and two changes within one step look like one.
    private static readonly long Coarse = TimeSpan.FromSeconds(3).Ticks;

    private readonly string payloadsPath;
    private readonly FileStatus directory;
    private readonly FileStatus payloads;
    private long lookedAt;
    private long unchangedSince;

    /// <summary>Takes the directories as they are.</summary>
    /// <param name="path">The bundle's directory.</param>
    /// <exception cref="IOException">There is none.</exception>
    public BundleDirectory(string path)
    {
        Path = path;
        payloadsPath = System.IO.Path.Join(path, BundleLayout.PayloadsDirectoryName);
        directory = FileStatus.Of(path) ?? throw new DirectoryNotFoundException($"{path}: is missing");
        payloads = FileStatus.Of(payloadsPath) ?? throw new DirectoryNotFoundException($"{payloadsPath}: is missing");
    }

    /// <summary>Full path of the bundle's directory.</summary>
    public string Path { get; }

    /// <summary>Whether the bundle's directory itself is still in its place.</summary>
    public bool IsInPlace => FileStatus.Of(Path) is { } now && now.IsSame(directory);

    /// <summary>What was done to the directories; null if nothing.</summary>
    /// <param name="mayHaveChanged">Whether an entry of the bundle's directory may have come or gone since it was last looked into.</param>
    /// <exception cref="IOException">They cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory on the way is closed.</exception>
    public BundleChange? FindChange(out bool mayHaveChanged)
    {
        mayHaveChanged = true;
        if (FileStatus.Of(Path) is not { } now)
        {
            return BundleChange.DirectoryRemoved;
        }

        if (!now.IsSame(directory))
        {
            return BundleChange.DirectoryReplaced;
        }

        if (now.WrittenAt == unchangedSince)
        {
            mayHaveChanged = false;
            return null;
        }

        if (FileStatus.Of(payloadsPath) is not { } payloadsNow)
        {
            return BundleChange.PayloadsRemoved;
        }

        if (!payloadsNow.IsSame(payloads))
        {
            return BundleChange.PayloadsReplaced;
        }

        lookedAt = now.WrittenAt;
        return null;
    }

    /// <summary>All that may have changed was looked at, and is as it was.</summary>
    public void IsUnchanged()
    {
        var age = DateTime.UtcNow.Ticks - lookedAt;
        unchangedSince = age > Coarse ? lookedAt : 0;
    }
}
