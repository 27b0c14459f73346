using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>A bundle that is being read, with the file that it is in.</summary>
internal sealed class OpenedBundle(BundleReader reader, IDisposable? files) : IDisposable
{
    public BundleReader Reader => reader;

    public void Dispose() => files?.Dispose();
}
