namespace RolloutTrace.TestSupport;

/// <summary>
/// Where files are kept in memory, for tests of programs that are run as they are: how long a busy disk stands still is not the
/// program's to promise.
/// </summary>
public static class MemoryDirectory
{
    private const string Linux = "/dev/shm";
    private const long Enough = 48 << 20;

    /// <summary>A directory for directories of tests' own. The one for temporary files where the system has no other, or a small one.</summary>
    public static string Path { get; } = Directory.Exists(Linux) && new DriveInfo(Linux).AvailableFreeSpace >= Enough ? Linux : System.IO.Path.GetTempPath();

    /// <summary>Creates a directory of its own.</summary>
    /// <param name="prefix">What its name begins with.</param>
    public static DirectoryInfo CreateSubdirectory(string prefix) => Directory.CreateDirectory(System.IO.Path.Join(Path, $"{prefix}{Guid.NewGuid():N}"));
}
