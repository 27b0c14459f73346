namespace RolloutTrace.Benchmarks.Generation;

/// <summary>What the generator wrote.</summary>
internal sealed record GeneratedBundle(string Directory, long PayloadCount, long PayloadBytes);
