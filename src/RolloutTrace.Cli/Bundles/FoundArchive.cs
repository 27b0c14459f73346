using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>An archive that was looked into. It is still open for who reads it next, unless there are very many, and opened anew for others.</summary>
internal sealed class FoundArchive(string path, BundleArchive? open)
{
    private BundleArchive? open = open;

    /// <exception cref="BundleException">It cannot be read.</exception>
    public BundleArchive Open() =>
        Interlocked.Exchange(ref open, null) ?? BundleArchive.TryOpen(path) ?? throw new BundleException($"{path}: is no archive any more");
}
