using System.Collections.Concurrent;

namespace RolloutTrace.Benchmarks;

/// <summary>
/// A directory below the temporary one, gone when the process ends. Not before: for seconds after a deletion ext4 looks through all
/// the freed inodes, one by one, for each file that is created, and that would be measured.
/// </summary>
internal sealed class ScratchDirectory : IDisposable
{
    private static readonly ConcurrentBag<DirectoryInfo> Disposed = [];

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-benchmarks-");

    static ScratchDirectory() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var directory in Disposed)
        {
            directory.Delete(recursive: true);
        }
    };

    public string FullName => directory.FullName;

    public void Dispose() => Disposed.Add(directory);
}
