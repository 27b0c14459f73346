namespace RolloutTrace.Bundle;

/// <summary>
/// Resolves the paths that a bundle names. Bundles come from strangers, so a path must stay below the
/// bundle's directory, by its text and through every symbolic link on the way.
/// </summary>
internal sealed class BundlePath
{
    private readonly string root;
    private readonly HashSet<string> soundDirectories = new(StringComparer.Ordinal);

    public BundlePath(string directory)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        soundDirectories.Add(root);
    }

    /// <summary>The bundle's directory as a full path.</summary>
    public string Root => root;

    /// <summary>The full path of <paramref name="relative"/>, which may not exist.</summary>
    /// <exception cref="BundleException">The path is absolute, contains <c>..</c>, or leads out of the bundle.</exception>
    public string Resolve(string relative)
    {
        var full = ResolveDirectory(relative);
        CheckLink(new FileInfo(full), relative);
        return full;
    }

    /// <summary>
    /// The full path of <paramref name="relative"/>, which may not exist, and which may be a symbolic link out of the bundle:
    /// only the directories before it are known to be sound.
    /// </summary>
    /// <exception cref="BundleException">The path is absolute, contains <c>..</c>, or its directory leads out of the bundle.</exception>
    public string ResolveDirectory(string relative)
    {
        if (relative.Length == 0 || relative.Contains('\0') || Path.IsPathRooted(relative) || HasParentSegment(relative))
        {
            throw new BundleException($"{root}: the path '{relative}' is not a plain path below the bundle");
        }

        var full = Path.GetFullPath(Path.Join(root, relative));
        CheckDirectory(Path.GetDirectoryName(full)!, relative);
        return full;
    }

    private static bool HasParentSegment(string path)
    {
        foreach (var segment in path.AsSpan().SplitAny('/', '\\'))
        {
            if (path.AsSpan(segment) is "..")
            {
                return true;
            }
        }

        return false;
    }

    // Nearly every path has the same directory, so each is looked at once.
    private void CheckDirectory(string directory, string relative)
    {
        if (soundDirectories.Contains(directory))
        {
            return;
        }

        CheckDirectory(Path.GetDirectoryName(directory)!, relative);
        CheckLink(new DirectoryInfo(directory), relative);
        soundDirectories.Add(directory);
    }

    private void CheckLink(FileSystemInfo entry, string relative)
    {
        if (entry.LinkTarget is null)
        {
            return;
        }

        var target = entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        if (target is null || !target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BundleException($"{root}: the path '{relative}' leads through a symbolic link out of the bundle");
        }
    }
}
