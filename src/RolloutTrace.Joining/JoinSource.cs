using RolloutTrace.Bundle;

namespace RolloutTrace.Joining;

/// <summary>A bundle that is to be joined with others. It may be opened several times, one after the other.</summary>
/// <param name="Path">What it is called in messages.</param>
/// <param name="Open">
/// Opens it; who opened it disposes what comes beside the reader, null for nothing. Throws a <see cref="BundleException"/> where it cannot be read.
/// </param>
public sealed record JoinSource(string Path, Func<(BundleReader Reader, IDisposable? Files)> Open)
{
    /// <summary>A bundle in a directory.</summary>
    /// <param name="directory">The directory.</param>
    public static JoinSource InDirectory(string directory) => new(directory, () => (BundleReader.Open(directory), null));
}
