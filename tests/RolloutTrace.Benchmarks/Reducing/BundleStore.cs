using RolloutTrace.Benchmarks.Generation;

namespace RolloutTrace.Benchmarks.Reducing;

/// <summary>Generated bundles for one run; gone when the run ends.</summary>
internal sealed class BundleStore : IDisposable
{
    private readonly ScratchDirectory root = new();

    /// <summary>The bundle of the reference shape with so many turns.</summary>
    public string Get(int turns)
    {
        var directory = Path.Join(root.FullName, $"{turns}");
        if (!Directory.Exists(directory))
        {
            BundleGenerator.Generate(new BundleShape { Turns = turns }, directory);
        }

        return directory;
    }

    /// <summary>The same, with realistic texts.</summary>
    public string GetRealistic(int turns)
    {
        var directory = Path.Join(root.FullName, $"{turns}-realistic");
        if (!Directory.Exists(directory))
        {
            BundleGenerator.Generate(new BundleShape { Turns = turns, Realistic = true }, directory);
        }

        return directory;
    }

    public void Dispose() => root.Dispose();
}
