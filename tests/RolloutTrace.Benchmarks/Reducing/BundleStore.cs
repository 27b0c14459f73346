using RolloutTrace.Benchmarks.Generation;

namespace RolloutTrace.Benchmarks.Reducing;

/// <summary>Generated bundles for one run, in the temporary directory; gone when the run ends.</summary>
internal sealed class BundleStore : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rollout-trace-benchmarks-").FullName;

    /// <summary>The bundle of the reference shape with so many turns.</summary>
    public string Get(int turns)
    {
        var directory = Path.Join(root, $"{turns}");
        if (!Directory.Exists(directory))
        {
            BundleGenerator.Generate(new BundleShape { Turns = turns }, directory);
        }

        return directory;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
