using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>A bundle that is being read, with the archive that it is in.</summary>
internal sealed class OpenedBundle(BundleReader reader, BundleArchive? archive) : IDisposable
{
    public BundleReader Reader => reader;

    public void Dispose() => archive?.Dispose();
}
