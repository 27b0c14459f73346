namespace RolloutTrace.Bundle;

/// <summary>
/// Resolves the paths that a bundle names. Bundles come from strangers, so a path must stay below the
/// bundle's directory, by its text and through every symbolic link on the way.
/// </summary>
internal sealed class BundlePath
{
    // As long as Linux takes one, and as many links as it follows.
    private const int MaxLength = 4096;
    private const int MaxLinks = 40;

    private readonly string root;

    // Nearly every path has the same directory, so each is walked once.
    private readonly Dictionary<string, string> soundDirectories = new(StringComparer.Ordinal);

    public BundlePath(string directory) => root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>The bundle's directory as a full path.</summary>
    public string Root => root;

    /// <summary>
    /// The full path of what <paramref name="relative"/> leads to, which may not exist. No part of it below the bundle's directory
    /// is a symbolic link.
    /// </summary>
    /// <exception cref="BundleException">The path is absolute, contains <c>..</c>, or leads out of the bundle.</exception>
    public string Resolve(string relative)
    {
        CheckText(relative);
        return Walk(relative, relative);
    }

    /// <summary>
    /// The full path of <paramref name="relative"/>, which may not exist, and which may be a symbolic link out of the bundle:
    /// only the directories before it are known to be sound.
    /// </summary>
    /// <exception cref="BundleException">The path is absolute, contains <c>..</c>, or its directory leads out of the bundle.</exception>
    public string ResolveDirectory(string relative)
    {
        CheckText(relative);
        var directory = Path.GetDirectoryName(relative)!;
        if (!soundDirectories.TryGetValue(directory, out var sound))
        {
            soundDirectories[directory] = sound = Walk(directory, relative);
        }

        return Path.Join(sound.AsSpan(), Path.GetFileName(relative.AsSpan()));
    }

    /// <summary>Whether a path can be one below a bundle, by its text alone: it is short enough, is not absolute, and has no <c>..</c>.</summary>
    public static bool IsPlain(string relative) =>
        relative.Length is > 0 and <= MaxLength && !relative.Contains('\0') && !Path.IsPathRooted(relative) && !HasParentSegment(relative);

    private void CheckText(string relative)
    {
        if (!IsPlain(relative))
        {
            throw new BundleException($"{root}: the path '{Shown(relative)}' is not a plain path below the bundle");
        }
    }

    private static string Shown(string path) => path.Length <= MaxLength ? path : path[..100] + "...";

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

    // As the system walks it: a link is followed where it stands, and a way back goes from where it led to.
    private string Walk(string path, string relative)
    {
        var ahead = new Stack<string>();
        Push(ahead, path);
        var current = root;
        for (var links = 0; ahead.TryPop(out var segment);)
        {
            if (segment == "..")
            {
                current = current != root ? Path.GetDirectoryName(current)! : throw LeadsOut(relative);
                continue;
            }

            var next = Path.Join(current, segment);
            if (LinkTarget(next, relative) is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new BundleException($"{root}: the path '{relative}' leads through too many symbolic links");
            }

            if (Path.IsPathRooted(target))
            {
                target = target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? target[root.Length..] : throw LeadsOut(relative);
                current = root;
            }

            Push(ahead, target);
        }

        return current;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (var segment in path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (segment != ".")
            {
                ahead.Push(segment);
            }
        }
    }

    private string? LinkTarget(string path, string relative)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{root}: {FileTrouble.Of(e, $"the path '{relative}' cannot be followed")}", e);
        }
    }

    private BundleException LeadsOut(string relative) => new($"{root}: the path '{relative}' leads through a symbolic link out of the bundle");
}
