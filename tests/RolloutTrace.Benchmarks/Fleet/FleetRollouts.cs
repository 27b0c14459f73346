using System.Globalization;
using RolloutTrace.Benchmarks.Generation;
using RolloutTrace.Benchmarks.Macro;
using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary>Rollouts of the generator, each with a seed of its own, on thirty days in turn, below one directory.</summary>
internal sealed class FleetRollouts(string directory)
{
    public const int Days = 30;

    private const long Day = 24 * 60 * 60 * 1000;

    /// <summary>One agent with two turns: six requests, four tool calls.</summary>
    public static BundleShape Small { get; } = new() { Turns = 2 };

    /// <summary>Two agents with eight turns each: 48 requests, 32 tool calls.</summary>
    public static BundleShape Usual { get; } = new() { Turns = 8, Agents = 2 };

    /// <summary>A path below the directory that nothing has yet.</summary>
    public string Next() => Path.Join(directory, Guid.NewGuid().ToString("N"));

    /// <summary>The directories of so many of a shape. Those that are asked for again are the same.</summary>
    public IReadOnlyList<string> Recorded(BundleShape shape, int count)
    {
        var recorded = Enumerable.Range(1, count).Select(seed => (Seed: seed, Path: Path.Join(Root(shape), seed.ToString(CultureInfo.InvariantCulture)))).ToList();
        Parallel.ForEach(recorded.Where(static rollout => !Directory.Exists(rollout.Path)), rollout =>
        {
            BundleGenerator.Generate(shape with { Seed = rollout.Seed }, rollout.Path);
            var path = Path.Join(rollout.Path, BundleLayout.ManifestFileName);
            var manifest = BundleManifest.Parse(File.ReadAllBytes(path));
            File.WriteAllBytes(path, (manifest with { StartedAtUnixMs = manifest.StartedAtUnixMs + (rollout.Seed % Days * Day) }).ToUtf8Json());
        });
        return [.. recorded.Select(static rollout => rollout.Path)];
    }

    /// <summary>A store with so many of a shape, packed.</summary>
    public string Stored(BundleShape shape, int count)
    {
        var store = Root(shape) + $"-store-of-{count}";
        if (!Directory.Exists(store))
        {
            foreach (var some in Recorded(shape, count).Chunk(100))
            {
                // It names each on standard error.
                ChildProcess.ProcessorMilliseconds($"'{Programs.CommandLineTool}' push {string.Join(' ', some.Select(static path => $"'{path}'"))} --store '{store}' 2>/dev/null");
            }
        }

        return store;
    }

    private string Root(BundleShape shape) => Path.Join(directory, $"{shape.Agents}-agents-{shape.Turns}-turns");
}
